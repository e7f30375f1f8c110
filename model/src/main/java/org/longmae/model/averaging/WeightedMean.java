package org.longmae.model.averaging;

/**
 * The mean of the workers' vectors, each weighted by the images it has seen: Σ_w (n_w / B) · x_w.
 *
 * <p>Summed in double, in the order in which vectors are added: who adds them in the workers' order
 * gets the same bits whatever the order in which they arrived.
 */
public final class WeightedMean {
  private final double[] sum;

  /** Starts at zero. */
  public WeightedMean(int length) {
    sum = new double[length];
  }

  /**
   * Adds a worker's vector.
   *
   * @param weight its share of the images; all workers' are 1 together
   * @throws IllegalArgumentException if the vector has another length
   */
  public void add(double weight, float[] vector) {
    if (vector.length != sum.length) {
      throw new IllegalArgumentException(
          String.format("vector must have %s elements but had %s", sum.length, vector.length));
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }

  /** The mean of what was added. */
  public float[] mean() {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) sum[i];
    }
    return mean;
  }
}
