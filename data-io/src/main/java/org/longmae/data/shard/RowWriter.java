package org.longmae.data.shard;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.SourceEntry;

/** Writes a row as Parquet wants it: every value between the start and end of its field. */
final class RowWriter {
  private final RecordConsumer out;

  RowWriter(RecordConsumer out) {
    this.out = out;
  }

  /** Hands what is buffered to the columns. */
  void flush() {
    out.flush();
  }

  void write(ShardRow row) {
    out.startMessage();
    field(
        "image",
        0,
        () ->
            group(
                () -> {
                  binary("bytes", 0, Binary.fromConstantByteArray(row.image()));
                  binary("path", 1, Binary.fromString(row.path()));
                }));
    if (row.label() != SourceEntry.NO_LABEL) {
      field("label", 1, () -> out.addInteger(row.label()));
    }
    field("width", 2, () -> out.addInteger(row.width()));
    field("height", 3, () -> out.addInteger(row.height()));
    field("id", 4, () -> out.addLong(row.id()));
    binary("sha256", 5, Binary.fromString(row.sha256()));
    field("objects", 6, () -> list(row.objects(), object -> group(() -> object(object))));
    if (!row.annotations().captions().isEmpty()) {
      field("captions", 7, () -> list(row.annotations().captions(), this::text));
    }
    if (!row.annotations().labels().isEmpty()) {
      field("labels", 8, () -> list(row.annotations().labels(), out::addInteger));
    }
    out.endMessage();
  }

  private void object(ObjectAnnotation object) {
    List<Double> box = List.of(object.x(), object.y(), object.width(), object.height());
    field("bbox", 0, () -> list(box, out::addDouble));
    field("category", 1, () -> out.addInteger(object.category()));
    field("area", 2, () -> out.addDouble(object.area()));
    field("iscrowd", 3, () -> out.addBoolean(object.crowd()));
    field("segmentation", 4, () -> list(object.polygons(), this::polygon));
    if (!object.rle().isEmpty()) {
      binary("rle", 5, Binary.fromString(object.rle()));
    }
    if (object.keypoints().length > 0) {
      field("keypoints", 6, () -> polygon(object.keypoints()));
    }
  }

  private void text(String text) {
    out.addBinary(Binary.fromString(text));
  }

  private void polygon(double[] polygon) {
    List<Double> numbers = Arrays.stream(polygon).boxed().toList();
    list(numbers, out::addDouble);
  }

  private <T> void list(List<T> elements, Consumer<T> write) {
    group(
        () -> {
          if (!elements.isEmpty()) {
            field(
                "list",
                0,
                () ->
                    elements.forEach(
                        element -> group(() -> field("element", 0, () -> write.accept(element)))));
          }
        });
  }

  private void binary(String name, int index, Binary value) {
    field(name, index, () -> out.addBinary(value));
  }

  private void group(Runnable fields) {
    out.startGroup();
    fields.run();
    out.endGroup();
  }

  private void field(String name, int index, Runnable value) {
    out.startField(name, index);
    value.run();
    out.endField(name, index);
  }
}
