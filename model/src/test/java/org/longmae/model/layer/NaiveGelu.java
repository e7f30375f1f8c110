package org.longmae.model.layer;

/**
 * The exact GELU, x Φ(x), to the last digits of a double.
 *
 * <p>Φ(x) = erfc(−x/√2)/2. Near zero erf is summed from the series with positive terms only, 2/√π ·
 * e^(−z²) · Σ 2ⁿ z^(2n+1) / (1·3·…·(2n+1)); further out erfc is the continued fraction e^(−z²)/√π ·
 * 1/(z + ½/(z + 1/(z + 3/2/(z + …)))), as 1 − erf would have no digits left.
 */
public final class NaiveGelu {
  private static final double SERIES_ENDS = 2;
  private static final int TERMS = 200;

  private NaiveGelu() {}

  /** x Φ(x) for each element. */
  public static double[] forward(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] * erfc(-x[i] / Math.sqrt(2)) / 2;
    }
    return y;
  }

  static double erfc(double z) {
    if (z < -SERIES_ENDS) {
      return 2 - erfc(-z);
    }
    return z < SERIES_ENDS ? 1 - series(z) : fraction(z);
  }

  private static double series(double z) {
    double term = z;
    double sum = z;
    for (int n = 1; n < TERMS; n++) {
      term *= 2 * z * z / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
  }

  private static double fraction(double z) {
    double denominator = z;
    for (int n = TERMS; n >= 1; n--) {
      denominator = z + n / 2.0 / denominator;
    }
    return Math.exp(-z * z) / Math.sqrt(Math.PI) / denominator;
  }
}
