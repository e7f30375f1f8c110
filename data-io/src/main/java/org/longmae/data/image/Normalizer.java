package org.longmae.data.image;

import java.util.List;

/**
 * Turns the bytes of a picture into the model's numbers: {@code (byte / 255 − mean) / std} a
 * channel, planes one behind the other (CHW). A table of the 256 values a channel can take, so that
 * every machine gives the same bits.
 */
public final class Normalizer {
  private final float[][] tables;

  /**
   * Makes the tables.
   *
   * @param mean of each channel, of values in 0…1
   * @param std of each channel
   */
  public Normalizer(List<Double> mean, List<Double> std) {
    tables = new float[mean.size()][];
    for (int channel = 0; channel < tables.length; channel++) {
      tables[channel] = table(mean.get(channel), std.get(channel));
    }
  }

  /**
   * Writes one picture.
   *
   * @param mirrored whether left and right are exchanged
   * @param out takes {@code channels · width · height} values from {@code at} on
   * @throws IllegalArgumentException if there is not one mean a channel
   */
  public void write(Picture picture, boolean mirrored, float[] out, int at) {
    if (picture.channels() != tables.length) {
      throw new IllegalArgumentException(
          "a picture must have %d channels but had %d"
              .formatted(tables.length, picture.channels()));
    }
    int plane = picture.width() * picture.height();
    for (int channel = 0; channel < tables.length; channel++) {
      write(picture, channel, mirrored, out, at + channel * plane);
    }
  }

  private void write(Picture picture, int channel, boolean mirrored, float[] out, int at) {
    float[] table = tables[channel];
    byte[] pixels = picture.pixels();
    int width = picture.width();
    int step = mirrored ? -1 : 1;
    for (int y = 0, from = channel; y < picture.height(); y++) {
      int to = at + y * width + (mirrored ? width - 1 : 0);
      for (int x = 0; x < width; x++, from += tables.length, to += step) {
        out[to] = table[pixels[from] & 0xff];
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
