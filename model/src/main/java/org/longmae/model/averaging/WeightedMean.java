package org.longmae.model.averaging;

import java.util.Arrays;
import java.util.List;

/**
 * The mean of the workers' vectors, each weighted by the images it has seen: Σ_w (n_w / B) · x_w.
 *
 * <p>Summed in double, in the workers' order, so that it has the same bits whatever the order in
 * which they arrived. It works through pieces whose sums stay in a core's cache.
 */
public final class WeightedMean {
  private static final int PIECE = 1 << 13;

  private WeightedMean() {}

  /**
   * The mean.
   *
   * @param weights of the workers: their shares of the images, 1 together
   * @param vectors of the workers, in their order
   * @throws IllegalArgumentException if the vectors' lengths differ
   */
  public static float[] of(double[] weights, List<float[]> vectors) {
    float[] mean = new float[vectors.get(0).length];
    for (float[] vector : vectors) {
      if (vector.length != mean.length) {
        throw new IllegalArgumentException(
            String.format("vector must have %s elements but had %s", mean.length, vector.length));
      }
    }
    double[] sum = new double[Math.min(PIECE, mean.length)];
    for (int from = 0; from < mean.length; from += PIECE) {
      int count = Math.min(PIECE, mean.length - from);
      Arrays.fill(sum, 0);
      for (int worker = 0; worker < weights.length; worker++) {
        add(sum, weights[worker], vectors.get(worker), from, count);
      }
      for (int i = 0; i < count; i++) {
        mean[from + i] = (float) sum[i];
      }
    }
    return mean;
  }

  private static void add(double[] sum, double weight, float[] vector, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += weight * vector[from + i];
    }
  }
}
