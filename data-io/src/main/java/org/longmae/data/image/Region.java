package org.longmae.data.image;

/**
 * A rectangle of pixels.
 *
 * @param x first column
 * @param y first row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Region(int x, int y, int width, int height) {
  public Region {
    if (x < 0 || y < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a region must start at 0 or more and have at least 1×1 pixels but was %d×%d at (%d, %d)"
              .formatted(width, height, x, y));
    }
  }
}
