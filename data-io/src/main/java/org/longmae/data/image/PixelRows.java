package org.longmae.data.image;

/** Decoded pixels, wherever they lie: on the Java heap or in native memory. */
interface PixelRows {
  /** Pixels a row. */
  int width();

  /** Number of rows. */
  int height();

  /** Bytes a pixel. */
  int channels();

  /**
   * Copies pixels of one row, channels interleaved.
   *
   * @param column the first one
   * @param into takes {@code length} bytes from {@code at} on
   */
  void copy(int row, int column, byte[] into, int at, int length);

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
      public int channels() {
        return picture.channels();
      }

      @Override
      public void copy(int row, int column, byte[] into, int at, int length) {
        int from = picture.channels() * (row * picture.width() + column);
        System.arraycopy(picture.pixels(), from, into, at, length);
      }
    };
  }
}
