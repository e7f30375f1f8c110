package org.longmae.model;

/**
 * Two ways to resize a row of values by cubic convolution. The new value i of n lies at (i + ½)·m/n
 * − ½ of the m old ones; those around that point are weighed by Keys' kernel of parameter A.
 *
 * @see <a href="https://doi.org/10.1109/TASSP.1981.1163711">Keys: Cubic Convolution Interpolation
 *     for Digital Image Processing (1981)</a>
 */
public enum Cubic {
  /**
   * A = −0.75, four old values, those outside the row being the ones at its border; a shorter row
   * is not smoothed first. What MAE, Detectron2 and Hugging Face do: PyTorch's {@code bicubic}.
   */
  PLAIN(-0.75),

  /**
   * A = −0.5; where the row gets shorter the kernel is as much wider, and values outside the row do
   * not count. What timm does: PyTorch's {@code bicubic} with {@code antialias}.
   */
  ANTIALIASED(-0.5);

  private final double a;

  Cubic(double a) {
    this.a = a;
  }

  /**
   * How much each old value counts for each new one.
   *
   * @return [to][from]; rows sum to 1
   */
  double[][] weights(int from, int to) {
    double[][] weights = new double[to][from];
    for (int place = 0; place < to; place++) {
      double source = (place + 0.5) * from / to - 0.5;
      if (this == PLAIN) {
        weighFour(source, weights[place]);
      } else {
        weighAll(source, Math.max(1, (double) from / to), weights[place]);
      }
    }
    return weights;
  }

  private void weighFour(double source, double[] weights) {
    int before = (int) Math.floor(source);
    for (int tap = before - 1; tap <= before + 2; tap++) {
      int at = Math.min(weights.length - 1, Math.max(0, tap));
      weights[at] += kernel(Math.abs(source - tap));
    }
  }

  private void weighAll(double source, double scale, double[] weights) {
    double sum = 0;
    for (int at = 0; at < weights.length; at++) {
      weights[at] = kernel(Math.abs(at - source) / scale);
      sum += weights[at];
    }
    for (int at = 0; at < weights.length; at++) {
      weights[at] /= sum;
    }
  }

  private double kernel(double x) {
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((x - 5) * x + 8) * a * x - 4 * a : 0;
  }
}
