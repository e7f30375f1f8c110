package org.longmae.model;

import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * Makes a classifier's batch of pictures and labels: each picture is mixed with the one at the
 * opposite place, by one share λ for the batch, and its target with the other's.
 *
 * <pre>
 *   target    1 − s + s/G for the picture's class, s/G for each other: smoothed labels
 *   mixup     x = λ x₁ + (1 − λ) x₂
 *   cutmix    x = x₁ with a rectangle of x₂, of √(1 − λ) of both sides before it is cut off at the
 *             edges; λ is then the share that is left of x₁
 *   both      λ ~ Beta(α, α);     t = λ t₁ + (1 − λ) t₂
 * </pre>
 *
 * @param classes G
 * @param smoothing s
 * @param mixup its α; 0 is off
 * @param cutmix its α; 0 is off. Where both are on, a batch takes either with the same probability
 * @see <a href="https://arxiv.org/abs/1710.09412">Zhang et al.: mixup (2018)</a>
 * @see <a href="https://arxiv.org/abs/1905.04899">Yun et al.: CutMix (2019)</a>
 */
public record MixedBatch(int classes, double smoothing, double mixup, double cutmix) {
  /** A rectangle of pixels, ends excluded. */
  private record Box(int top, int bottom, int left, int right) {
    static final Box NONE = new Box(0, 0, 0, 0);

    int pixels() {
      return (bottom - top) * (right - left);
    }
  }

  /**
   * Makes the batch.
   *
   * @param images_BCHW normalised pixels; not changed
   * @param labels_B class of each picture, -1 where it is unknown: it is given no target
   * @param height of the pictures
   * @param width of the pictures
   * @param random of this batch alone
   */
  public LabelledBatch of(
      float[] images_BCHW, int[] labels_B, int height, int width, RandomGenerator random) {
    boolean mixes = mixup > 0;
    boolean cuts = cutmix > 0 && (!mixes || random.nextBoolean());
    if (!mixes && !cuts) {
      return batch(images_BCHW.clone(), labels_B, 1);
    }
    double alpha = cuts ? cutmix : mixup;
    double share =
        new BetaDistribution(null, alpha, alpha).inverseCumulativeProbability(random.nextDouble());
    float[] mixed_BCHW = images_BCHW.clone();
    if (!cuts) {
      blend(images_BCHW, labels_B.length, share, mixed_BCHW);
      return batch(mixed_BCHW, labels_B, share);
    }
    Box box = box(height, width, share, random);
    paste(images_BCHW, labels_B.length, height, width, box, mixed_BCHW);
    return batch(mixed_BCHW, labels_B, 1 - (double) box.pixels() / (height * width));
  }

  private static Box box(int height, int width, double share, RandomGenerator random) {
    double side = Math.sqrt(1 - share);
    int halfHeight = (int) (height * side) / 2;
    int halfWidth = (int) (width * side) / 2;
    int y = random.nextInt(height);
    int x = random.nextInt(width);
    return new Box(
        Math.max(0, y - halfHeight),
        Math.min(height, y + halfHeight),
        Math.max(0, x - halfWidth),
        Math.min(width, x + halfWidth));
  }

  private static void blend(float[] images_BCHW, int images, double share, float[] into) {
    int values = images_BCHW.length / images;
    for (int i = 0; i < into.length; i++) {
      int other = (images - 1 - i / values) * values + i % values;
      into[i] = (float) (share * images_BCHW[i] + (1 - share) * images_BCHW[other]);
    }
  }

  private static void paste(
      float[] images_BCHW, int images, int height, int width, Box box, float[] into) {
    int values = images_BCHW.length / images;
    for (int i = 0; i < into.length; i++) {
      int y = i / width % height;
      int x = i % width;
      if (y >= box.top() && y < box.bottom() && x >= box.left() && x < box.right()) {
        into[i] = images_BCHW[(images - 1 - i / values) * values + i % values];
      }
    }
  }

  private LabelledBatch batch(float[] images_BCHW, int[] labels_B, double share) {
    float[] targets_BG = new float[labels_B.length * classes];
    for (int image = 0; image < labels_B.length; image++) {
      addTarget(labels_B[image], share, targets_BG, image);
      addTarget(labels_B[labels_B.length - 1 - image], 1 - share, targets_BG, image);
    }
    return new LabelledBatch(images_BCHW, targets_BG, List.of());
  }

  private void addTarget(int label, double share, float[] targets_BG, int image) {
    for (int other = 0; label >= 0 && other < classes; other++) {
      double smoothed = smoothing / classes + (other == label ? 1 - smoothing : 0);
      targets_BG[image * classes + other] += (float) (share * smoothed);
    }
  }
}
