package org.longmae.data.source;

import java.io.Serializable;
import java.util.List;

/**
 * One object in a picture: its box, category and mask, in pixels of the picture. At most one of
 * {@code polygons} and {@code rle} says where the mask is; objects with a box alone have neither.
 *
 * @param category index into the listing's class names
 * @param x left edge of the box
 * @param y upper edge of the box
 * @param width width of the box
 * @param height height of the box
 * @param area pixels of the mask, as the source states it; of the box where there is no mask
 * @param crowd whether the box holds a crowd of objects rather than one
 * @param polygons outlines of the mask's parts, each x, y, x, y, …; not copied, not to be changed
 * @param rle the mask in COCO's compressed run-length form ({@link RunLengths}), over the whole
 *     picture; empty if there is none
 * @param keypoints x, y, visibility of each of a person's points; empty if they were not asked for;
 *     not copied, not to be changed
 */
public record ObjectAnnotation(
    int category,
    double x,
    double y,
    double width,
    double height,
    double area,
    boolean crowd,
    List<double[]> polygons,
    String rle,
    double[] keypoints)
    implements Serializable {
  private static final double[] NONE = {};

  public ObjectAnnotation {
    polygons = List.copyOf(polygons);
    if (!polygons.isEmpty() && !rle.isEmpty()) {
      throw new IllegalArgumentException("a mask must be polygons or run lengths but was both");
    }
  }

  /** An object without keypoints. */
  public ObjectAnnotation(
      int category,
      double x,
      double y,
      double width,
      double height,
      double area,
      boolean crowd,
      List<double[]> polygons,
      String rle) {
    this(category, x, y, width, height, area, crowd, polygons, rle, NONE);
  }

  /** The same object with keypoints. */
  ObjectAnnotation withKeypoints(double[] points) {
    return new ObjectAnnotation(category, x, y, width, height, area, crowd, polygons, rle, points);
  }
}
