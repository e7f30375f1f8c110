package org.longmae.jobs.evaluate;

import java.io.Serializable;
import java.util.List;

/**
 * Rows of unit length, as one matrix.
 *
 * @param index of the block among those of its split
 * @param labels class of each row
 * @param rows_RD features divided by their norm
 */
record NeighbourBlock(long index, int[] labels, float[] rows_RD) implements Serializable {
  /** Puts rows below each other. */
  static NeighbourBlock of(long index, List<Labelled> rows) {
    int width = rows.get(0).features().length;
    int[] labels = new int[rows.size()];
    float[] rows_RD = new float[rows.size() * width];
    for (int row = 0; row < labels.length; row++) {
      float[] features = rows.get(row).features();
      labels[row] = rows.get(row).label();
      double scale = 1 / Math.max(norm(features), Float.MIN_NORMAL);
      for (int i = 0; i < width; i++) {
        rows_RD[row * width + i] = (float) (features[i] * scale);
      }
    }
    return new NeighbourBlock(index, labels, rows_RD);
  }

  int width() {
    return rows_RD.length / labels.length;
  }

  private static double norm(float[] features) {
    double sum = 0;
    for (float value : features) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
