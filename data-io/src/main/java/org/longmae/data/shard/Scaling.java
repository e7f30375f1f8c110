package org.longmae.data.shard;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.longmae.data.image.PreparedPicture;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.PictureAnnotations;
import org.longmae.data.source.RunLengths;

/**
 * Brings annotations to the size of a picture that was shrunk: boxes, outlines and areas in
 * proportion, run-length masks by the nearest pixel. Without shrinking they stay as they are.
 */
record Scaling(int fromWidth, int fromHeight, int toWidth, int toHeight) {
  static Scaling of(PreparedPicture picture) {
    return new Scaling(
        picture.sourceWidth(), picture.sourceHeight(), picture.width(), picture.height());
  }

  PictureAnnotations apply(PictureAnnotations annotations) {
    return new PictureAnnotations(
        annotations.objects().stream().map(this::apply).toList(),
        annotations.captions(),
        annotations.labels());
  }

  ObjectAnnotation apply(ObjectAnnotation object) {
    if (fromWidth == toWidth && fromHeight == toHeight) {
      return object;
    }
    double x = (double) toWidth / fromWidth;
    double y = (double) toHeight / fromHeight;
    List<double[]> polygons =
        object.polygons().stream().map(polygon -> polygon(polygon, x, y)).toList();
    return new ObjectAnnotation(
        object.category(),
        object.x() * x,
        object.y() * y,
        object.width() * x,
        object.height() * y,
        object.area() * x * y,
        object.crowd(),
        polygons,
        object.rle().isEmpty() ? "" : mask(object.rle()),
        keypoints(object.keypoints(), x, y));
  }

  private static double[] polygon(double[] polygon, double x, double y) {
    double[] scaled = new double[polygon.length];
    for (int i = 0; i < polygon.length; i++) {
      scaled[i] = polygon[i] * (i % 2 == 0 ? x : y);
    }
    return scaled;
  }

  /** Each point is x, y and its visibility. */
  private static double[] keypoints(double[] keypoints, double x, double y) {
    double[] scaled = keypoints.clone();
    for (int i = 0; i + 1 < scaled.length; i += 3) {
      scaled[i] *= x;
      scaled[i + 1] *= y;
    }
    return scaled;
  }

  /** Masks run down the columns. */
  private String mask(String rle) {
    BitSet inside = inside(RunLengths.lengths(rle));
    long[] lengths = new long[toWidth * toHeight + 1];
    int runs = 0;
    boolean object = false;
    for (int column = 0; column < toWidth; column++) {
      int from = nearest(column, toWidth, fromWidth) * fromHeight;
      for (int row = 0; row < toHeight; row++) {
        if (inside.get(from + nearest(row, toHeight, fromHeight)) != object) {
          object = !object;
          runs++;
        }
        lengths[runs]++;
      }
    }
    return RunLengths.compress(Arrays.copyOf(lengths, runs + 1));
  }

  private static BitSet inside(long[] lengths) {
    BitSet inside = new BitSet();
    long at = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (i % 2 == 1) {
        inside.set(Math.toIntExact(at), Math.toIntExact(at + lengths[i]));
      }
      at += lengths[i];
    }
    return inside;
  }

  private static int nearest(int to, int toSide, int fromSide) {
    return (int) ((to + 0.5) * fromSide / toSide);
  }
}
