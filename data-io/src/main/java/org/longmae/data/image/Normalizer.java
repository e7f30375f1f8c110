package org.longmae.data.image;

import java.util.List;

/**
 * Turns the bytes of a picture into the model's numbers: {@code (byte / 255 − mean) / std} a
 * channel, planes one behind the other (CHW). A table of the 256 values a channel can take, so that
 * every machine gives the same bits.
 */
public final class Normalizer {
  private final float[] red;
  private final float[] green;
  private final float[] blue;

  /**
   * Makes the tables.
   *
   * @param mean of red, green and blue, of values in 0…1
   * @param std of red, green and blue
   */
  public Normalizer(List<Double> mean, List<Double> std) {
    red = table(mean.get(0), std.get(0));
    green = table(mean.get(1), std.get(1));
    blue = table(mean.get(2), std.get(2));
  }

  /**
   * Writes one picture.
   *
   * @param mirrored whether left and right are exchanged
   * @param out takes {@code 3 · width · height} values from {@code at} on
   */
  public void write(Picture picture, boolean mirrored, float[] out, int at) {
    int width = picture.width();
    int plane = width * picture.height();
    byte[] rgb = picture.rgb();
    int step = mirrored ? -1 : 1;
    for (int y = 0, from = 0; y < picture.height(); y++) {
      int to = at + y * width + (mirrored ? width - 1 : 0);
      for (int x = 0; x < width; x++, from += 3, to += step) {
        out[to] = red[rgb[from] & 0xff];
        out[to + plane] = green[rgb[from + 1] & 0xff];
        out[to + 2 * plane] = blue[rgb[from + 2] & 0xff];
      }
    }
  }

  private static float[] table(double mean, double std) {
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((i / 255.0 - mean) / std);
    }
    return values;
  }
}
