package org.longmae.jobs.report;

/**
 * The size of a drawing in its own units, which are about one pixel on the screen it is made for.
 *
 * <p>Each chart is drawn twice, and the style sheet shows one: scaling a wide drawing down to a
 * telephone would make its words unreadable, and wrapping is not for charts.
 */
record Canvas(String style, int width, int height, int letter, int left, int right) {
  private static final int TOP = 30;

  static final Canvas HALF = new Canvas("wide", 520, 340, 13, 50, 20);
  static final Canvas FULL = new Canvas("wide", 1080, 440, 13, 50, 20);
  static final Canvas PHONE = new Canvas("narrow", 368, 290, 12, 44, 14);
  static final Canvas TALL_PHONE = new Canvas("narrow", 368, 360, 12, 44, 14);

  /** The same with room for words of that width beside the plot. */
  Canvas withRight(double room) {
    return new Canvas(style, width, height, letter, left, (int) Math.ceil(room));
  }

  double x(Axis axis, double value) {
    return left + axis.share(value) * plotWidth();
  }

  double y(Axis axis, double value) {
    return bottom() - axis.share(value) * plotHeight();
  }

  double plotWidth() {
    return width - left - right;
  }

  double plotHeight() {
    return bottom() - TOP;
  }

  double top() {
    return TOP;
  }

  double bottom() {
    return height - 3.6 * letter;
  }

  double textWidth(String words) {
    return words.length() * letter * 0.58;
  }

  /** Draws both axes: grid lines for y, ticks for x, the names outside of the plot. */
  void axes(Svg svg, Axis xAxis, Axis yAxis) {
    for (Axis.Tick tick : yAxis.ticks()) {
      double y = y(yAxis, tick.value());
      svg.line("grid", left, y, left + plotWidth(), y);
      svg.text("tick", "end", left - 7, y + letter * 0.35, tick.text());
    }
    svg.line("base", left, bottom(), left + plotWidth(), bottom());
    xTicks(svg, xAxis);
    svg.text("name", "start", 2, letter + 1, yAxis.label());
    svg.text("name", "end", left + plotWidth(), height - letter * 0.6, xAxis.label());
  }

  private void xTicks(Svg svg, Axis axis) {
    double free = Double.NEGATIVE_INFINITY;
    for (Axis.Tick tick : axis.ticks()) {
      double x = x(axis, tick.value());
      svg.line("base", x, bottom(), x, bottom() + 4);
      double half = textWidth(tick.text()) / 2;
      // A tick without a word is better than two words on top of each other.
      if (x - half > free) {
        svg.text("tick", "middle", x, bottom() + letter * 1.5, tick.text());
        free = x + half + 4;
      }
    }
  }
}
