package org.longmae.jobs.inspect;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.longmae.data.image.Picture;

/**
 * Sums over the pixels of whole pictures, every pixel alike, from which mean and deviation follow.
 * Whole numbers, so that the order of adding changes nothing.
 *
 * @param pictures looked at
 * @param pixels of them
 * @param sums of red, green and blue, of levels 0…255
 * @param squares of the same, squared
 */
public record PixelStatistics(long pictures, long pixels, List<Long> sums, List<Long> squares)
    implements Serializable {
  private static final double WHITE = 255;

  static final PixelStatistics NONE =
      new PixelStatistics(0, 0, List.of(0L, 0L, 0L), List.of(0L, 0L, 0L));

  public PixelStatistics {
    sums = List.copyOf(sums);
    squares = List.copyOf(squares);
  }

  static PixelStatistics of(Picture picture) {
    byte[] rgb = picture.rgb();
    long[] sums = new long[Picture.RGB];
    long[] squares = new long[Picture.RGB];
    for (int i = 0; i < rgb.length; i += Picture.RGB) {
      for (int channel = 0; channel < Picture.RGB; channel++) {
        int level = rgb[i + channel] & 0xff;
        sums[channel] += level;
        squares[channel] += level * level;
      }
    }
    return new PixelStatistics(1, rgb.length / Picture.RGB, list(sums), list(squares));
  }

  PixelStatistics plus(PixelStatistics other) {
    return new PixelStatistics(
        pictures + other.pictures,
        pixels + other.pixels,
        added(sums, other.sums),
        added(squares, other.squares));
  }

  /** Of each channel, of values in 0…1, as {@code image.mean} takes them; empty without pixels. */
  public List<Double> mean() {
    return pixels == 0 ? List.of() : sums.stream().map(sum -> sum / WHITE / pixels).toList();
  }

  /** Deviation of each channel, as {@code image.std} takes it; empty without pixels. */
  public List<Double> std() {
    List<Double> std = new ArrayList<>();
    for (int channel = 0; channel < mean().size(); channel++) {
      double mean = (double) sums.get(channel) / pixels;
      double variance = (double) squares.get(channel) / pixels - mean * mean;
      std.add(Math.sqrt(Math.max(0, variance)) / WHITE);
    }
    return std;
  }

  private static List<Long> added(List<Long> a, List<Long> b) {
    List<Long> sum = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      sum.add(a.get(i) + b.get(i));
    }
    return sum;
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
