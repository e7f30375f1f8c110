package org.longmae.jobs.report;

/**
 * One colour a point, the same everywhere on the page.
 *
 * <p>The colours follow the order of L. Their lightness rises with them, so that they stay in order
 * for colour-blind readers and in print; two sets keep them readable on light and on dark ground.
 * Colour is never the only sign: curves and marks carry words.
 */
final class Palette {
  private static final int[] ON_LIGHT = {0x46207F, 0x3A4FA0, 0x1F7A94, 0x2F8F62, 0x8A8F1A};
  private static final int[] ON_DARK = {0xB08CFF, 0x7FA8FF, 0x4FC6D6, 0x77DD8E, 0xF0E26A};

  private Palette() {}

  /** The rules that give {@code .k0}, {@code .k1}, … their colour. */
  static String css(int points) {
    return rules(points, ON_LIGHT)
        + "@media (prefers-color-scheme: dark) {\n@media not print {\n"
        + rules(points, ON_DARK)
        + "}\n}\n";
  }

  private static String rules(int points, int[] stops) {
    StringBuilder css = new StringBuilder();
    for (int i = 0; i < points; i++) {
      double share = points == 1 ? 0.35 : (double) i / (points - 1);
      css.append(Text.format(".k%d { --k: #%06x }%n", i, between(stops, share)));
    }
    return css.toString();
  }

  private static int between(int[] stops, double share) {
    double at = share * (stops.length - 1);
    int from = Math.min((int) at, stops.length - 2);
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = stops[from] >> shift & 0xFF;
      int b = stops[from + 1] >> shift & 0xFF;
      colour |= (int) Math.round(a + (b - a) * (at - from)) << shift;
    }
    return colour;
  }
}
