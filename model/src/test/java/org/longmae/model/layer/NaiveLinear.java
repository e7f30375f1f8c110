package org.longmae.model.layer;

/** An affine map as its formula says, in double, with loops. */
public final class NaiveLinear {
  private NaiveLinear() {}

  /** y = x Wᵀ + b, with W of [out, in]. */
  public static double[] forward(double[] x, double[] weight, double[] bias) {
    int out = bias.length;
    int in = weight.length / out;
    int rows = x.length / in;
    double[] y = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      for (int o = 0; o < out; o++) {
        double sum = bias[o];
        for (int i = 0; i < in; i++) {
          sum += x[row * in + i] * weight[o * in + i];
        }
        y[row * out + o] = sum;
      }
    }
    return y;
  }
}
