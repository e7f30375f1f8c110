package org.longmae.jobs.report;

import java.util.List;

/** Makes the course of a noisy curve visible. */
final class Smoothing {
  private static final int TOO_SHORT = 12;

  /** The window spans this share of the curve on each side. */
  private static final double REACH = 0.025;

  private Smoothing() {}

  /** Without points whose loss is not a number. */
  static List<CurvePoint> finite(List<CurvePoint> curve) {
    return curve.stream().filter(point -> Double.isFinite(point.loss())).toList();
  }

  /**
   * Moving average with triangular weights.
   *
   * <p>At the steep start the window shrinks and stays symmetric, for a one-sided one would draw
   * the curve too low. At the flat end it loses its right half only, so that the last values do not
   * jump about. Short curves stay as they are.
   */
  static double[] average(List<CurvePoint> curve) {
    int points = curve.size();
    int reach = points < TOO_SHORT ? 0 : (int) Math.ceil(points * REACH);
    double[] smooth = new double[points];
    for (int i = 0; i < points; i++) {
      int here = Math.min(reach, i);
      double sum = 0;
      double weights = 0;
      for (int offset = -here; offset <= Math.min(here, points - 1 - i); offset++) {
        double weight = here + 1 - Math.abs(offset);
        sum += weight * curve.get(i + offset).loss();
        weights += weight;
      }
      smooth[i] = sum / weights;
    }
    return smooth;
  }
}
