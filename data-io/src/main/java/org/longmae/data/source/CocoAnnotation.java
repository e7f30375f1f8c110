package org.longmae.data.source;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One element of {@code annotations}, of instances, keypoints or captions. */
final class CocoAnnotation {
  private static final long NOT_GIVEN = Long.MIN_VALUE;

  private long id = NOT_GIVEN;
  private long image = NOT_GIVEN;
  private long category = NOT_GIVEN;
  private double[] box;
  private double area = Double.NaN;
  private boolean crowd;
  private final List<double[]> polygons = new ArrayList<>();
  private String rle = "";
  private double[] keypoints;
  private String caption;

  private CocoAnnotation() {}

  /** Reads the element that the file is at; fields of other kinds of annotations may be absent. */
  static CocoAnnotation read(CocoFile json) throws IOException {
    CocoAnnotation annotation = new CocoAnnotation();
    json.fields(name -> annotation.field(json, name));
    json.require(annotation.id != NOT_GIVEN, "must have \"id\" but has none");
    json.named(annotation.id);
    json.require(annotation.image != NOT_GIVEN, "must have \"image_id\" but has none");
    return annotation;
  }

  private boolean field(CocoFile json, String name) throws IOException {
    switch (name) {
      case "id" -> {
        id = json.wholeNumber();
        json.named(id);
      }
      case "image_id" -> image = json.wholeNumber();
      case "category_id" -> category = json.wholeNumber();
      case "bbox" -> {
        box = json.numbers();
        json.require(box.length == 4, "must have 4 numbers but has " + box.length);
      }
      case "area" -> area = json.number();
      case "iscrowd" -> crowd = json.wholeNumber() != 0;
      case "segmentation" -> segmentation(json);
      case "keypoints" -> keypoints = json.numbers();
      case "caption" -> caption = json.text();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void segmentation(CocoFile json) throws IOException {
    if (json.kind() == JsonToken.START_ARRAY) {
      while (json.nextInArray()) {
        polygons.add(json.numbers());
      }
    } else {
      json.require(
          json.kind() == JsonToken.START_OBJECT, "must be an array of polygons or run lengths");
      json.fields(name -> name.equals("counts") && counts(json));
    }
  }

  private boolean counts(CocoFile json) throws IOException {
    if (json.kind() == JsonToken.VALUE_STRING) {
      rle = json.text();
      try {
        RunLengths.lengths(rle);
      } catch (IllegalArgumentException e) {
        throw json.wrong(e.getMessage());
      }
    } else {
      double[] numbers = json.numbers();
      long[] lengths = new long[numbers.length];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = (long) numbers[i];
        json.require(
            lengths[i] == numbers[i] && lengths[i] >= 0, "must be lengths of runs of pixels");
      }
      rle = RunLengths.compress(lengths);
    }
    return true;
  }

  long id() {
    return id;
  }

  long image() {
    return image;
  }

  /** COCO's id of the category. */
  int category(CocoFile json) {
    json.require(category != NOT_GIVEN, "must have \"category_id\" but has none");
    json.require(category == (int) category, "category_id must be a 32-bit number");
    return (int) category;
  }

  /** As an instance. */
  ObjectAnnotation object(CocoFile json, int categoryIndex) {
    json.require(box != null, "must have \"bbox\" but has none");
    json.require(!Double.isNaN(area), "must have \"area\" but has none");
    return new ObjectAnnotation(
        categoryIndex, box[0], box[1], box[2], box[3], area, crowd, polygons, rle);
  }

  double[] keypoints(CocoFile json) {
    json.require(keypoints != null, "must have \"keypoints\" but has none");
    return keypoints;
  }

  String caption(CocoFile json) {
    json.require(caption != null, "must have \"caption\" but has none");
    return caption;
  }
}
