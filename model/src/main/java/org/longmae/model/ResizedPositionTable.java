package org.longmae.model;

import java.util.Arrays;

/**
 * A position table brought to another grid, as detectors and fine-tuning at another resolution take
 * it: each channel a picture of the grid, resized by the {@link Cubic} that the consumer takes.
 */
public final class ResizedPositionTable {
  private ResizedPositionTable() {}

  /**
   * Resizes a table; the class token's row stays as it is.
   *
   * @param table (L + 1) · D values, of {@code from}
   * @param width D
   * @return (L' + 1) · D values, of {@code to}
   * @throws IllegalArgumentException if the table is not one of {@code from}
   */
  public static float[] of(float[] table, Grid from, Grid to, int width, Cubic cubic) {
    if (table.length != (1 + from.patches()) * width) {
      throw new IllegalArgumentException(
          String.format(
              "table must have length (1 + %s) · %s = %s but was %s",
              from.patches(), width, (1 + from.patches()) * width, table.length));
    }
    if (from.equals(to)) {
      return table.clone();
    }
    double[][] rows = cubic.weights(from.rows(), to.rows());
    double[][] cols = cubic.weights(from.cols(), to.cols());
    float[] resized = new float[(1 + to.patches()) * width];
    System.arraycopy(table, 0, resized, 0, width);
    double[] sums = new double[width];
    for (int row = 0; row < to.rows(); row++) {
      for (int col = 0; col < to.cols(); col++) {
        Arrays.fill(sums, 0);
        for (int r = 0; r < from.rows(); r++) {
          for (int c = 0; c < from.cols() && rows[row][r] != 0; c++) {
            double weight = rows[row][r] * cols[col][c];
            if (weight != 0) {
              add(weight, table, (1 + from.patch(r, c)) * width, sums);
            }
          }
        }
        int start = (1 + to.patch(row, col)) * width;
        for (int channel = 0; channel < width; channel++) {
          resized[start + channel] = (float) sums[channel];
        }
      }
    }
    return resized;
  }

  private static void add(double weight, float[] table, int start, double[] sums) {
    for (int channel = 0; channel < sums.length; channel++) {
      sums[channel] += weight * table[start + channel];
    }
  }
}
