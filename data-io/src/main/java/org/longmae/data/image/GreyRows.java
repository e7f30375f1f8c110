package org.longmae.data.image;

/**
 * The luma of rows in colour: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), to the bit as Pillow's
 * {@code convert("L")} computes it from the same RGB. A grey picture that was decoded to RGB comes
 * back as it was.
 *
 * <p>OpenCV could decode to grey by itself, but what it gives depends on the file's format: of a
 * PNG, libpng cuts off what OpenCV's own conversion rounds, and weighs by the file's gamma where
 * there is one.
 */
final class GreyRows implements PixelRows {
  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);

  // Together 2¹⁶, so that R = G = B = v gives v.
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;

  private final PixelRows colours;
  private byte[] rgb = new byte[0];

  GreyRows(PixelRows colours) {
    this.colours = colours;
  }

  @Override
  public int width() {
    return colours.width();
  }

  @Override
  public int height() {
    return colours.height();
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public void copy(int row, int column, byte[] into, int at, int length) {
    if (rgb.length < Picture.RGB * length) {
      rgb = new byte[Picture.RGB * length];
    }
    colours.copy(row, column, rgb, 0, Picture.RGB * length);
    for (int i = 0, from = 0; i < length; i++, from += Picture.RGB) {
      int red = rgb[from] & 0xff;
      int green = rgb[from + 1] & 0xff;
      int blue = rgb[from + 2] & 0xff;
      into[at + i] = (byte) (RED * red + GREEN * green + BLUE * blue + HALF >> BITS);
    }
  }
}
