package org.longmae.model.layer;

/** Layer normalisation as its formula says, in double, with loops; ε = 1e-6. */
public final class NaiveLayerNorm {
  private NaiveLayerNorm() {}

  /** γ (x − mean) / √(var + ε) + β for each row; var divides by D. */
  public static double[] forward(double[] x, double[] scale, double[] shift) {
    int width = scale.length;
    double[] y = new double[x.length];
    for (int row = 0; row < x.length / width; row++) {
      double mean = 0;
      for (int i = 0; i < width; i++) {
        mean += x[row * width + i] / width;
      }
      double variance = 0;
      for (int i = 0; i < width; i++) {
        variance += Math.pow(x[row * width + i] - mean, 2) / width;
      }
      for (int i = 0; i < width; i++) {
        double normal = (x[row * width + i] - mean) / Math.sqrt(variance + 1e-6);
        y[row * width + i] = normal * scale[i] + shift[i];
      }
    }
    return y;
  }
}
