package org.longmae.model;

/** How far one vector lies from another, as a share of the other's length. */
public final class RelativeError {
  private RelativeError() {}

  /** ‖actual − expected‖ / ‖expected‖; not a number if either has an element that is none. */
  public static double of(double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new IllegalArgumentException(
          String.format("lengths must be equal but were %s, %s", actual.length, expected.length));
    }
    double distance = 0;
    double norm = 0;
    for (int i = 0; i < actual.length; i++) {
      distance += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(distance / norm);
  }

  /** The same for single-precision results. */
  public static double of(float[] actual, double[] expected) {
    double[] wide = new double[actual.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = actual[i];
    }
    return of(wide, expected);
  }
}
