package org.longmae.model;

/**
 * A position table brought to another grid, as detectors and fine-tuning at another resolution take
 * it: bicubic, each channel a picture of the grid.
 *
 * <p>The patch in row r of n rows lies at (r + ½)·m/n − ½ of the m old rows; four rows and four
 * columns around that point are weighed by the cubic with A = −0.75, and rows outside the grid are
 * those at its border. A smaller table is not smoothed first ("no antialias"): frameworks that do
 * give others.
 *
 * @see <a href="https://doi.org/10.1109/TASSP.1981.1163711">Keys: Cubic Convolution Interpolation
 *     for Digital Image Processing (1981)</a>
 */
public final class ResizedPositionTable {
  private static final double A = -0.75;
  private static final int TAPS = 4;

  private ResizedPositionTable() {}

  /**
   * Resizes a table; the class token's row stays as it is.
   *
   * @param table (L + 1) · D values, of {@code from}
   * @param width D
   * @return (L' + 1) · D values, of {@code to}
   * @throws IllegalArgumentException if the table is not one of {@code from}
   */
  public static float[] of(float[] table, Grid from, Grid to, int width) {
    if (table.length != (1 + from.patches()) * width) {
      throw new IllegalArgumentException(
          String.format(
              "table must have length (1 + %s) · %s = %s but was %s",
              from.patches(), width, (1 + from.patches()) * width, table.length));
    }
    if (from.equals(to)) {
      return table.clone();
    }
    float[] resized = new float[(1 + to.patches()) * width];
    System.arraycopy(table, 0, resized, 0, width);
    for (int row = 0; row < to.rows(); row++) {
      Taps rows = Taps.of(row, from.rows(), to.rows());
      for (int col = 0; col < to.cols(); col++) {
        Taps cols = Taps.of(col, from.cols(), to.cols());
        weigh(table, from, rows, cols, resized, (1 + to.patch(row, col)) * width, width);
      }
    }
    return resized;
  }

  private static void weigh(
      float[] table, Grid from, Taps rows, Taps cols, float[] into, int start, int width) {
    for (int channel = 0; channel < width; channel++) {
      double sum = 0;
      for (int r = 0; r < TAPS; r++) {
        for (int c = 0; c < TAPS; c++) {
          int patch = from.patch(rows.at()[r], cols.at()[c]);
          sum += rows.weight()[r] * cols.weight()[c] * table[(1 + patch) * width + channel];
        }
      }
      into[start + channel] = (float) sum;
    }
  }

  /** The old places around a new one, and how much each counts. */
  private record Taps(int[] at, double[] weight) {
    static Taps of(int place, int from, int to) {
      double source = (place + 0.5) * from / to - 0.5;
      int before = (int) Math.floor(source);
      int[] at = new int[TAPS];
      double[] weight = new double[TAPS];
      for (int tap = 0; tap < TAPS; tap++) {
        at[tap] = Math.min(from - 1, Math.max(0, before - 1 + tap));
        weight[tap] = cubic(Math.abs(source - (before - 1 + tap)));
      }
      return new Taps(at, weight);
    }

    /** The kernel at a distance below 2. */
    private static double cubic(double distance) {
      double x = distance;
      return x <= 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((x - 5) * x + 8) * A * x - 4 * A;
    }
  }
}
