package org.longmae.data.image;

/**
 * A decoded picture: row-major, interleaved RGB, one byte a channel.
 *
 * <p>The bytes are not copied; who makes a picture hands them over, who takes one must not change
 * them.
 *
 * @param width pixels a row, at least 1
 * @param height rows, at least 1
 * @param rgb {@code width · height · 3} bytes, read as 0…255
 */
public record Picture(int width, int height, byte[] rgb) {
  public Picture {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a picture must have at least 1×1 pixels but had " + width + "×" + height);
    }
    if (rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "a picture of %d×%d must have %d bytes but had %d"
              .formatted(width, height, 3L * width * height, rgb.length));
    }
  }
}
