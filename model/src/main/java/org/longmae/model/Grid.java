package org.longmae.model;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The patches of an image, numbered row by row: patch l = row · cols + col.
 *
 * @param rows patches along the height
 * @param cols patches along the width
 */
public record Grid(int rows, int cols) implements Serializable {
  public Grid {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          "grid must have at least 1 row and 1 column but was " + rows + " x " + cols);
    }
  }

  /** L, the number of patches. */
  public int patches() {
    return rows * cols;
  }

  /**
   * The grid of squares of {@code side} x {@code side} patches.
   *
   * @throws IllegalArgumentException if they do not tile this one
   */
  public Grid shrunk(int side) {
    if (side < 1 || rows % side != 0 || cols % side != 0) {
      throw new IllegalArgumentException(
          String.format(
              "down-sampling must divide the grid (%s x %s patches) but was %s", rows, cols, side));
    }
    return new Grid(rows / side, cols / side);
  }

  /**
   * All patches square by square: squares row by row, and so the patches of each.
   *
   * @param side of a square, a divisor of both sides
   * @return a permutation of the patches
   */
  int[] bySquare(int side) {
    Grid squares = shrunk(side);
    int[] order = new int[patches()];
    int next = 0;
    for (int square = 0; square < squares.patches(); square++) {
      int top = square / squares.cols * side;
      int left = square % squares.cols * side;
      for (int row = top; row < top + side; row++) {
        for (int col = left; col < left + side; col++) {
          order[next++] = patch(row, col);
        }
      }
    }
    return order;
  }

  /** All patches in order, once for each of so many images. */
  int[] ofImages(int images) {
    int[] all = new int[images * patches()];
    Arrays.setAll(all, place -> place % patches());
    return all;
  }

  /** The number of a patch. */
  public int patch(int row, int col) {
    return row * cols + col;
  }
}
