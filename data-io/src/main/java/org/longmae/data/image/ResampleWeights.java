package org.longmae.data.image;

/**
 * For every output position of one axis: which input positions it is made of, and with which
 * weights.
 *
 * <p>The kernel is the cubic convolution with a = −½ (Keys: Cubic convolution interpolation for
 * digital image processing, 1981). When an axis is reduced by a factor s &gt; 1 the kernel is
 * stretched by s, so that every input pixel counts: that is the antialiasing. Weights are whole
 * numbers of 2⁻²², the largest precision at which 255 times their sum still fits an int.
 *
 * @param first first input position of each output position
 * @param taps number of input positions of each output position
 * @param weights {@code stride} weights a position, those beyond its taps are 0
 * @param stride weights a position: more than any has taps
 */
record ResampleWeights(int[] first, int[] taps, int[] weights, int stride) {
  /** Fixed point: weights are multiples of 2 to the minus this. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  private static final double SUPPORT = 2;

  /**
   * Weights that bring an interval of the input to {@code outputs} positions.
   *
   * @param begin first input position that may be used
   * @param end one behind the last
   * @param from left edge of the interval, at least {@code begin}
   * @param to its right edge, at most {@code end}
   */
  static ResampleWeights of(int begin, int end, double from, double to, int outputs) {
    double scale = (to - from) / outputs;
    double stretch = Math.max(scale, 1);
    double support = SUPPORT * stretch;
    // One more than there can be taps, so that the last weight of each position is 0.
    int stride = (int) Math.ceil(support) * 2 + 2;
    int[] first = new int[outputs];
    int[] taps = new int[outputs];
    int[] weights = new int[outputs * stride];
    double[] cubic = new double[stride];
    for (int o = 0; o < outputs; o++) {
      double centre = from - begin + (o + 0.5) * scale;
      int low = Math.max(0, (int) (centre - support + 0.5));
      int high = Math.min(end - begin, (int) (centre + support + 0.5));
      double sum = 0;
      for (int i = low; i < high; i++) {
        cubic[i - low] = cubic((i - centre + 0.5) / stretch);
        sum += cubic[i - low];
      }
      for (int i = low; i < high; i++) {
        weights[o * stride + i - low] = fixed(cubic[i - low] / sum);
      }
      first[o] = begin + low;
      taps[o] = high - low;
    }
    return new ResampleWeights(first, taps, weights, stride);
  }

  private static double cubic(double distance) {
    double a = -0.5;
    double x = Math.abs(distance);
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  /** Rounds half away from zero. */
  private static int fixed(double weight) {
    return (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
  }
}
