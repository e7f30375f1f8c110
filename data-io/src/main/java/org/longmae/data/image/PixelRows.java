package org.longmae.data.image;

/** Decoded pixels, wherever they lie: on the Java heap or in native memory. */
interface PixelRows {
  /** Pixels a row. */
  int width();

  /** Number of rows. */
  int height();

  /**
   * Copies pixels of one row, interleaved RGB.
   *
   * @param column the first one
   * @param rgb takes {@code length} bytes from {@code at} on
   */
  void copy(int row, int column, byte[] rgb, int at, int length);

  /** The rows of a picture. */
  static PixelRows of(Picture picture) {
    return new PixelRows() {
      @Override
      public int width() {
        return picture.width();
      }

      @Override
      public int height() {
        return picture.height();
      }

      @Override
      public void copy(int row, int column, byte[] rgb, int at, int length) {
        System.arraycopy(picture.rgb(), 3 * (row * picture.width() + column), rgb, at, length);
      }
    };
  }
}
