package org.longmae.model.averaging;

import java.util.List;

/**
 * The mean of the workers' vectors, each weighted by the images it has seen.
 *
 * <pre>
 *   Σ_w (n_w / B)·x_w  =  x_0 + Σ_{w>0} (n_w / B)·(x_w − x_0)
 * </pre>
 *
 * <p>Summed as on the right, in the workers' order: workers that agree have the mean that they
 * agree on, exactly, whatever the weights round to; and the bits are the same whatever the order in
 * which vectors arrived. It works through pieces that stay in a core's cache.
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
    float[] first = vectors.get(0);
    for (int from = 0; from < mean.length; from += PIECE) {
      int until = Math.min(from + PIECE, mean.length);
      System.arraycopy(first, from, mean, from, until - from);
      for (int worker = 1; worker < weights.length; worker++) {
        add((float) weights[worker], vectors.get(worker), first, mean, from, until);
      }
    }
    return mean;
  }

  /** In single precision: this loop takes a core's widest instructions, one in double does not. */
  private static void add(
      float weight, float[] vector, float[] first, float[] intoMean, int from, int until) {
    for (int i = from; i < until; i++) {
      intoMean[i] = Math.fma(weight, vector[i] - first[i], intoMean[i]);
    }
  }
}
