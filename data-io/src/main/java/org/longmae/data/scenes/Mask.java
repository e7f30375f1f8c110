package org.longmae.data.scenes;

/**
 * Some pixels of a picture, within the smallest box around them.
 *
 * @param x left edge of the box in the picture
 * @param y top edge of the box in the picture
 * @param set row-major, whether each pixel of the box belongs to the mask
 */
record Mask(int x, int y, int width, int height, int area, boolean[] set) {
  /** The pixels of a picture that belong to {@code owner}. */
  static Mask of(int[] owners, int pictureWidth, int pictureHeight, int owner) {
    int x0 = pictureWidth;
    int y0 = pictureHeight;
    int x1 = -1;
    int y1 = -1;
    int area = 0;
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] == owner) {
        x0 = Math.min(x0, i % pictureWidth);
        x1 = Math.max(x1, i % pictureWidth);
        y0 = Math.min(y0, i / pictureWidth);
        y1 = Math.max(y1, i / pictureWidth);
        area++;
      }
    }
    if (area == 0) {
      return new Mask(0, 0, 0, 0, 0, new boolean[0]);
    }
    int width = x1 - x0 + 1;
    int height = y1 - y0 + 1;
    boolean[] set = new boolean[width * height];
    for (int i = 0; i < set.length; i++) {
      set[i] = owners[(y0 + i / width) * pictureWidth + x0 + i % width] == owner;
    }
    return new Mask(x0, y0, width, height, area, set);
  }

  boolean has(int column, int row) {
    return column >= 0 && row >= 0 && column < width && row < height && set[row * width + column];
  }
}
