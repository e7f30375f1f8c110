package org.longmae.model;

import java.io.Serializable;

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

  /** The number of a patch. */
  public int patch(int row, int col) {
    return row * cols + col;
  }
}
