package org.longmae.conf;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Height and width of the pictures that the model sees.
 *
 * <p>In a configuration it is one number if both are equal, {@code [height, width]}, or the text
 * {@code HEIGHTxWIDTH} that {@link #toString} gives.
 *
 * @param height rows of pixels, 8 to 4096
 * @param width pixels a row, 8 to 4096
 */
public record ImageSize(int height, int width) implements Serializable {
  static final String KEY = "image.size";

  private static final int LEAST = 8;
  private static final int MOST = 4096;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})x(\\d{1,9})");

  public ImageSize {
    Checks.require(
        fits(height) && fits(width),
        KEY,
        "must be between %s and %s but was %s; nearest: %s",
        LEAST,
        MOST,
        text(height, width),
        text(clamped(height), clamped(width)));
  }

  /** Height and width alike. */
  public static ImageSize square(int side) {
    return new ImageSize(side, side);
  }

  /** What {@code 448x224} says; empty if the text is not of this form. */
  static List<Integer> sides(String text) {
    Matcher sides = TEXT.matcher(text);
    return sides.matches()
        ? List.of(Integer.valueOf(sides.group(1)), Integer.valueOf(sides.group(2)))
        : List.of();
  }

  /** Requires that patches of {@code side} pixels tile the picture. */
  void requireTiledBy(int side) {
    Checks.require(
        height % side == 0 && width % side == 0,
        List.of(KEY, "model.patch-size"),
        "must be divisible by model.patch-size (%s) but was %s; nearest: %s",
        side,
        this,
        text(nearest(height, side), nearest(width, side)));
  }

  /** The smaller of the two. */
  public int shorterSide() {
    return Math.min(height, width);
  }

  /** Pixels of one channel. */
  public int pixels() {
    return height * width;
  }

  /** {@code 448}, or {@code 448x224}: height, then width. */
  @Override
  public String toString() {
    return text(height, width);
  }

  /** As it is written in a configuration: a number or a list of two. */
  Object plain() {
    return height == width ? height : List.of(height, width);
  }

  private static boolean fits(int side) {
    return side >= LEAST && side <= MOST;
  }

  private static int clamped(int side) {
    return Math.max(LEAST, Math.min(MOST, side));
  }

  /** The legal multiple of {@code divisor} that is nearest to {@code side}. */
  private static int nearest(int side, int divisor) {
    int least = (LEAST + divisor - 1) / divisor;
    int most = MOST / divisor;
    return divisor * Math.max(least, Math.min(most, Math.round((float) side / divisor)));
  }

  private static String text(int height, int width) {
    return height == width ? Integer.toString(height) : height + "x" + width;
  }
}
