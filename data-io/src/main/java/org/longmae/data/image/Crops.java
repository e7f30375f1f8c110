package org.longmae.data.image;

import java.util.random.RandomGenerator;

/**
 * Which part of a picture becomes a training or an evaluation image.
 *
 * <p>The random crop follows torchvision's {@code RandomResizedCrop}: an area uniform between
 * {@code minCrop} and the whole, an aspect ratio log-uniform between 3:4 and 4:3, ten tries to fit
 * such a rectangle in, and else the largest centred rectangle whose ratio is inside those bounds.
 * The ratio is that of the crop in its picture, whatever the shape it is then resized to.
 */
public final class Crops {
  private static final int TRIES = 10;
  private static final double MIN_RATIO = 3.0 / 4;
  private static final double MAX_RATIO = 4.0 / 3;

  private Crops() {}

  /**
   * Draws a crop.
   *
   * @param minCrop smallest share of the picture's area, in (0, 1]
   */
  public static Region randomResized(
      int width, int height, double minCrop, RandomGenerator random) {
    double area = (double) width * height;
    for (int i = 0; i < TRIES; i++) {
      double wanted = area * (minCrop + (1 - minCrop) * random.nextDouble());
      double logRatio =
          Math.log(MIN_RATIO) + random.nextDouble() * (Math.log(MAX_RATIO) - Math.log(MIN_RATIO));
      double ratio = Math.exp(logRatio);
      // rint rounds halves to even, as Python's round does.
      int w = (int) Math.rint(Math.sqrt(wanted * ratio));
      int h = (int) Math.rint(Math.sqrt(wanted / ratio));
      if (w >= 1 && w <= width && h >= 1 && h <= height) {
        int y = random.nextInt(height - h + 1);
        int x = random.nextInt(width - w + 1);
        return new Region(x, y, w, h);
      }
    }
    return centreOfBoundedRatio(width, height);
  }

  /**
   * The largest centred rectangle of a target's aspect ratio, to the nearest pixel: what is left
   * when the picture is resized until its relatively shorter side fits the target, and then cut. Of
   * a square target it is the largest square.
   */
  public static Region centre(int width, int height, int targetWidth, int targetHeight) {
    if ((long) width * targetHeight <= (long) height * targetWidth) {
      int h = (int) Math.rint((double) width * targetHeight / targetWidth);
      return centred(width, height, width, Math.max(1, h));
    }
    int w = (int) Math.rint((double) height * targetWidth / targetHeight);
    return centred(width, height, Math.max(1, w), height);
  }

  private static Region centreOfBoundedRatio(int width, int height) {
    double ratio = (double) width / height;
    if (ratio < MIN_RATIO) {
      return centred(width, height, width, (int) Math.rint(width / MIN_RATIO));
    }
    if (ratio > MAX_RATIO) {
      return centred(width, height, (int) Math.rint(height * MAX_RATIO), height);
    }
    return new Region(0, 0, width, height);
  }

  private static Region centred(int width, int height, int w, int h) {
    return new Region((width - w) / 2, (height - h) / 2, w, h);
  }
}
