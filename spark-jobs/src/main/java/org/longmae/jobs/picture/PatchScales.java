package org.longmae.jobs.picture;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What normalising a target takes away from each patch, and what has to be put back to see it.
 *
 * <pre>
 *   target   t = (x − mean) / deviation     mean over all V values, of all channels together
 *                                           deviation = √(var + 1e-6), var divides by V − 1
 *   back     x = mean + deviation · t
 * </pre>
 *
 * <p>The mean is one number a patch, not one a channel: colour is part of the target and comes from
 * the model, brightness and contrast do not.
 *
 * @param mean_L means of the patches, in normalised pixel values
 * @param deviation_L their deviations, positive
 */
record PatchScales(double[] mean_L, double[] deviation_L) {
  private static final double EPSILON = 1e-6;

  /** The scales of all patches of a picture. */
  static PatchScales of(float[] image_CHW, Patches patches) {
    return of(image_CHW, patches, pixel -> true);
  }

  /**
   * The scales of what is known of each patch.
   *
   * @param known whether a place of the picture may be looked at; a patch without any has no scale
   *     that means something
   */
  static PatchScales of(float[] image_CHW, Patches patches, IntPredicate known) {
    double[] mean_L = new double[patches.count()];
    double[] deviation_L = new double[patches.count()];
    for (int patch = 0; patch < patches.count(); patch++) {
      int[] pixels = knownPixels(patch, patches, known);
      double sum = 0;
      for (int pixel : pixels) {
        sum += image_CHW[pixel];
      }
      double mean = sum / Math.max(1, pixels.length);
      double squares = 0;
      for (int pixel : pixels) {
        double centred = image_CHW[pixel] - mean;
        squares += centred * centred;
      }
      mean_L[patch] = mean;
      // V − 1, as in the loss; a patch of one value has no variance.
      deviation_L[patch] = Math.sqrt(squares / Math.max(1, pixels.length - 1) + EPSILON);
    }
    return new PatchScales(mean_L, deviation_L);
  }

  private static int[] knownPixels(int patch, Patches patches, IntPredicate known) {
    return IntStream.range(0, patches.values())
        .map(k -> patches.pixel(patch, k))
        .filter(known)
        .toArray();
  }

  /**
   * The same with the scales of hidden patches guessed from the visible ones; those of hidden
   * patches are not read.
   *
   * <p>The guess is the average over visible patches with weights 1 / distance⁴ (Shepard). On a
   * plane the sum of 1 / distance² over ever farther patches does not converge and would pull every
   * guess to the overall average; with the fourth power the neighbourhood decides.
   */
  PatchScales guessedFrom(boolean[] visible_L, Patches patches) {
    double[] guessedMean_L = mean_L.clone();
    double[] guessedDeviation_L = deviation_L.clone();
    for (int patch = 0; patch < visible_L.length; patch++) {
      if (!visible_L[patch]) {
        guess(patch, visible_L, patches, guessedMean_L, guessedDeviation_L);
      }
    }
    return new PatchScales(guessedMean_L, guessedDeviation_L);
  }

  private void guess(
      int hidden, boolean[] visible_L, Patches patches, double[] toMean_L, double[] toDeviation_L) {
    double weights = 0;
    double mean = 0;
    double deviation = 0;
    for (int patch = 0; patch < visible_L.length; patch++) {
      if (visible_L[patch]) {
        double squared = patches.squaredDistance(hidden, patch);
        double weight = 1 / (squared * squared);
        weights += weight;
        mean += weight * mean_L[patch];
        deviation += weight * deviation_L[patch];
      }
    }
    toMean_L[hidden] = mean / weights;
    toDeviation_L[hidden] = deviation / weights;
  }
}
