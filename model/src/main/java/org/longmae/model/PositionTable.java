package org.longmae.model;

/**
 * The fixed two-dimensional sin-cos position table.
 *
 * <p>With q = D/4 frequencies w_j = 10000^(−j/q) and vec(c) = [sin(c·w_0) … sin(c·w_(q−1)),
 * cos(c·w_0) … cos(c·w_(q−1))], the patch in row r and column x has [vec(x), vec(r)]: <em>the
 * column comes first</em>. Row 0 of the table is the class token's and is zero. The exponent
 * divides by q, not by q − 1 as in some other implementations.
 *
 * <p>It depends on the grid only: the same image at half the patch size has another table, the same
 * grid at another resolution the same one.
 */
public final class PositionTable {
  private static final double TEMPERATURE = 10000;

  private PositionTable() {}

  /**
   * The table, row-major, computed in double.
   *
   * @param width D, divisible by 4
   * @return (L + 1) · D values
   */
  public static float[] of(Grid grid, int width) {
    if (width < 4 || width % 4 != 0) {
      throw new IllegalArgumentException("width must be a multiple of 4 but was " + width);
    }
    float[] table = new float[(grid.patches() + 1) * width];
    for (int row = 0; row < grid.rows(); row++) {
      for (int col = 0; col < grid.cols(); col++) {
        int start = (1 + grid.patch(row, col)) * width;
        encode(col, width / 4, table, start);
        encode(row, width / 4, table, start + width / 2);
      }
    }
    return table;
  }

  private static void encode(int coordinate, int frequencies, float[] into, int start) {
    for (int j = 0; j < frequencies; j++) {
      double angle = coordinate * Math.pow(TEMPERATURE, -(double) j / frequencies);
      into[start + j] = (float) Math.sin(angle);
      into[start + frequencies + j] = (float) Math.cos(angle);
    }
  }
}
