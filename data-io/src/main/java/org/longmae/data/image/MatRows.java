package org.longmae.data.image;

import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

/** The pixels of OpenCV's matrix of eight-bit RGB; valid until the matrix is closed. */
final class MatRows implements PixelRows {
  private final int width;
  private final int height;
  private final ByteBuffer pixels;

  MatRows(Mat matrix) {
    width = matrix.cols();
    height = matrix.rows();
    pixels = matrix.data().capacity(3L * width * height).asByteBuffer();
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int channels() {
    return Picture.RGB;
  }

  @Override
  public void copy(int row, int column, byte[] rgb, int at, int length) {
    pixels.get(3 * (row * width + column), rgb, at, length);
  }

  /** All pixels, copied to the Java heap. */
  Picture picture() {
    byte[] rgb = new byte[3 * width * height];
    pixels.get(0, rgb);
    return new Picture(width, height, rgb);
  }
}
