package org.longmae.data.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.example.data.Group;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.PictureAnnotations;
import org.longmae.data.source.SourceEntry;

/** Turns Parquet's generic groups into rows: the inverse of {@link RowWriter}. */
final class RowDecoder {
  private RowDecoder() {}

  static ShardRow row(Group row) {
    boolean hasImage = has(row, "image");
    return new ShardRow(
        row.getLong("id", 0),
        hasImage ? row.getGroup("image", 0).getBinary("bytes", 0).getBytesUnsafe() : new byte[0],
        hasImage ? row.getGroup("image", 0).getString("path", 0) : "",
        has(row, "label") ? row.getInteger("label", 0) : SourceEntry.NO_LABEL,
        row.getInteger("width", 0),
        row.getInteger("height", 0),
        row.getString("sha256", 0),
        new PictureAnnotations(
            has(row, "objects")
                ? list(row.getGroup("objects", 0), object -> object(object.getGroup("element", 0)))
                : List.of(),
            has(row, "captions")
                ? list(row.getGroup("captions", 0), text -> text.getString("element", 0))
                : List.of(),
            has(row, "labels")
                ? list(row.getGroup("labels", 0), label -> label.getInteger("element", 0))
                : List.of()));
  }

  private static ObjectAnnotation object(Group object) {
    List<Double> box = list(object.getGroup("bbox", 0), number -> number.getDouble("element", 0));
    return new ObjectAnnotation(
        object.getInteger("category", 0),
        box.get(0),
        box.get(1),
        box.get(2),
        box.get(3),
        object.getDouble("area", 0),
        object.getBoolean("iscrowd", 0),
        list(object.getGroup("segmentation", 0), RowDecoder::polygon),
        has(object, "rle") ? object.getString("rle", 0) : "",
        has(object, "keypoints") ? numbers(object.getGroup("keypoints", 0)) : new double[0]);
  }

  private static double[] polygon(Group element) {
    return numbers(element.getGroup("element", 0));
  }

  private static double[] numbers(Group list) {
    List<Double> numbers = list(list, number -> number.getDouble("element", 0));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Elements of a three-level list: a group with the repeated group "list" in it. */
  private static <T> List<T> list(Group list, Function<Group, T> element) {
    int size = list.getFieldRepetitionCount("list");
    List<T> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(element.apply(list.getGroup("list", i)));
    }
    return elements;
  }

  private static boolean has(Group group, String field) {
    return group.getType().containsField(field) && group.getFieldRepetitionCount(field) > 0;
  }
}
