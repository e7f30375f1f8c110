package org.longmae.model.layer;

/** The MLP of a block: linear, exact GELU, linear. */
public final class NaiveMlp {
  private NaiveMlp() {}

  /** y = GELU(x W₁ᵀ + b₁) W₂ᵀ + b₂. */
  public static double[] forward(double[] x, double[] w1, double[] b1, double[] w2, double[] b2) {
    return NaiveLinear.forward(NaiveGelu.forward(NaiveLinear.forward(x, w1, b1)), w2, b2);
  }
}
