package org.longmae.data.image;

/**
 * A decoded picture: row-major, channels interleaved, one byte a channel.
 *
 * <p>The bytes are not copied; who makes a picture hands them over, who takes one must not change
 * them.
 *
 * @param width pixels a row, at least 1
 * @param height rows, at least 1
 * @param channels 3 for RGB, 1 for grey levels
 * @param pixels {@code width · height · channels} bytes, read as 0…255
 */
public record Picture(int width, int height, int channels, byte[] pixels) {
  /** Channels of a picture in colour: red, green, blue. */
  public static final int RGB = 3;

  public Picture {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a picture must have at least 1×1 pixels but had " + width + "×" + height);
    }
    if (channels != 1 && channels != RGB) {
      throw new IllegalArgumentException("a picture must have 1 or 3 channels but had " + channels);
    }
    if (pixels.length != (long) channels * width * height) {
      throw new IllegalArgumentException(
          "a picture of %d×%d must have %d bytes but had %d"
              .formatted(width, height, (long) channels * width * height, pixels.length));
    }
  }

  /** A picture in colour. */
  public Picture(int width, int height, byte[] rgb) {
    this(width, height, RGB, rgb);
  }

  /** The pixels as interleaved RGB; a grey level is repeated, in new bytes. */
  public byte[] rgb() {
    if (channels == RGB) {
      return pixels;
    }
    byte[] rgb = new byte[RGB * pixels.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = pixels[i / RGB];
    }
    return rgb;
  }
}
