package org.longmae.data.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Annotations as bytes, for the time between listing a source and making its shards. A record is
 * its length, kind and id, then what its kind has.
 */
final class AnnotationCodec {
  /** A record whose source gives no ids. */
  static final long NO_ID = -1;

  static final byte OBJECT = 0;
  private static final byte KEYPOINTS = 1;
  private static final byte CAPTION = 2;
  private static final byte LABEL = 3;

  private static final int CROWD = 1;

  /** Box and area are shares of the picture's sides, which are known once it is decoded. */
  private static final int RELATIVE = 2;

  private static final int KIND_AT = Integer.BYTES;
  private static final int ID_AT = KIND_AT + 1;
  private static final int CATEGORY_AT = ID_AT + Long.BYTES;
  private static final int AREA_AT = CATEGORY_AT + Integer.BYTES;

  private AnnotationCodec() {}

  /** What follows kind and id. */
  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  static byte[] object(long id, ObjectAnnotation object) {
    return object(id, object, 0);
  }

  /** An object whose box and area are shares of the picture's width and height. */
  static byte[] relativeObject(ObjectAnnotation object) {
    return object(NO_ID, object, RELATIVE);
  }

  private static byte[] object(long id, ObjectAnnotation object, int flags) {
    return record(
        OBJECT,
        id,
        out -> {
          out.writeInt(object.category());
          out.writeDouble(object.area());
          out.writeDouble(object.x());
          out.writeDouble(object.y());
          out.writeDouble(object.width());
          out.writeDouble(object.height());
          out.writeByte(flags | (object.crowd() ? CROWD : 0));
          out.writeInt(object.polygons().size());
          for (double[] polygon : object.polygons()) {
            write(out, polygon);
          }
          write(out, object.rle());
        });
  }

  /** Points of the object with an id. */
  static byte[] keypoints(long id, double[] points) {
    return record(KEYPOINTS, id, out -> write(out, points));
  }

  static byte[] caption(long id, String text) {
    return record(CAPTION, id, out -> write(out, text));
  }

  static byte[] label(int category) {
    return record(LABEL, NO_ID, out -> out.writeInt(category));
  }

  /** Kind of a record. */
  static byte kind(byte[] record) {
    return record[KIND_AT];
  }

  static boolean isLabel(byte[] record) {
    return kind(record) == LABEL;
  }

  /** Id of a record. */
  static long id(byte[] record) {
    return ByteBuffer.wrap(record).getLong(ID_AT);
  }

  /** Category of an object or label. */
  static int category(byte[] record) {
    return ByteBuffer.wrap(record).getInt(CATEGORY_AT);
  }

  /** Area of an object. */
  static double area(byte[] record) {
    return ByteBuffer.wrap(record).getDouble(AREA_AT);
  }

  /** All records of a picture of this size. */
  static PictureAnnotations decode(byte[] records, int width, int height) {
    List<ObjectAnnotation> objects = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    Map<Long, Integer> byId = new HashMap<>();
    Map<Long, double[]> keypoints = new HashMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(records))) {
      while (in.available() > 0) {
        in.readInt();
        byte kind = in.readByte();
        long id = in.readLong();
        switch (kind) {
          case OBJECT -> {
            byId.put(id, objects.size());
            objects.add(readObject(in, width, height));
          }
          case KEYPOINTS -> keypoints.put(id, readNumbers(in));
          case CAPTION -> captions.add(readText(in));
          case LABEL -> labels.add(in.readInt());
          default -> throw new IllegalStateException("no kind of annotation: " + kind);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // They stand in a file of their own, which may come before that of the objects.
    keypoints.forEach(
        (id, points) -> {
          Integer at = byId.get(id);
          if (at != null) {
            objects.set(at, objects.get(at).withKeypoints(points));
          }
        });
    return new PictureAnnotations(objects, captions, labels);
  }

  private static ObjectAnnotation readObject(DataInputStream in, int width, int height)
      throws IOException {
    int category = in.readInt();
    double area = in.readDouble();
    double[] box = {in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble()};
    int flags = in.readByte();
    if ((flags & RELATIVE) != 0) {
      area *= (double) width * height;
      for (int i = 0; i < box.length; i++) {
        box[i] *= i % 2 == 0 ? width : height;
      }
    }
    List<double[]> polygons = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      polygons.add(readNumbers(in));
    }
    return new ObjectAnnotation(
        category,
        box[0],
        box[1],
        box[2],
        box[3],
        area,
        (flags & CROWD) != 0,
        polygons,
        readText(in));
  }

  private static byte[] record(byte kind, long id, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0);
      out.writeByte(kind);
      out.writeLong(id);
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] record = bytes.toByteArray();
    ByteBuffer.wrap(record).putInt(0, record.length);
    return record;
  }

  private static void write(DataOutputStream out, double[] numbers) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES);
    bytes.asDoubleBuffer().put(numbers);
    out.writeInt(numbers.length);
    out.write(bytes.array());
  }

  private static double[] readNumbers(DataInputStream in) throws IOException {
    double[] numbers = new double[in.readInt()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readDouble();
    }
    return numbers;
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
