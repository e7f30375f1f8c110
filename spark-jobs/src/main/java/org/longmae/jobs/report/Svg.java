package org.longmae.jobs.report;

/** Collects the elements of one drawing; all text is escaped on its way in. */
final class Svg {
  private final StringBuilder out = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    out.append(
        Text.format(
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            style, x1, y1, x2, y2));
    return this;
  }

  /** A path through points given as x, y, x, y, …. */
  Svg path(String style, double[] xy) {
    if (xy.length < 4) {
      return this;
    }
    out.append("<path class=\"").append(style).append("\" d=\"M");
    for (int i = 0; i < xy.length; i += 2) {
      out.append(Text.format(i == 0 ? "%.1f %.1f" : "L%.1f %.1f", xy[i], xy[i + 1]));
    }
    out.append("\"/>");
    return this;
  }

  /** A mark whose shape tells groups apart where colours cannot; {@code tip} shows on hovering. */
  Svg mark(String style, int shape, double x, double y, double radius, String tip) {
    double r = radius * (shape % 6 == 0 ? 1 : 1.12);
    String outline =
        switch (shape % 6) {
          case 0 ->
              Text.format(
                  "M%.1f %.1fa%.1f %.1f 0 1 0 %.1f 0a%.1f %.1f 0 1 0 %.1f 0z",
                  x - r, y, r, r, 2 * r, r, r, -2 * r);
          case 1 ->
              polygon(
                  x - .85 * r,
                  y - .85 * r,
                  x + .85 * r,
                  y - .85 * r,
                  x + .85 * r,
                  y + .85 * r,
                  x - .85 * r,
                  y + .85 * r);
          case 2 -> polygon(x, y - 1.1 * r, x + 1.05 * r, y + .8 * r, x - 1.05 * r, y + .8 * r);
          case 3 -> polygon(x, y - 1.2 * r, x + 1.2 * r, y, x, y + 1.2 * r, x - 1.2 * r, y);
          case 4 -> polygon(x, y + 1.1 * r, x + 1.05 * r, y - .8 * r, x - 1.05 * r, y - .8 * r);
          default -> cross(x, y, 1.1 * r, 0.4 * r);
        };
    out.append("<path class=\"").append(style).append("\" d=\"").append(outline).append("\">");
    out.append("<title>").append(Text.escape(tip)).append("</title></path>");
    return this;
  }

  Svg text(String style, String anchor, double x, double y, String words) {
    out.append(
        Text.format(
            "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
            style, anchor, x, y, Text.escape(words)));
    return this;
  }

  /** Everything drawn by {@code content} is cut off outside the rectangle. */
  Svg clipped(double x, double y, double w, double h, Runnable content) {
    out.append(
        Text.format(
            "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
                + " viewBox=\"%.1f %.1f %.1f %.1f\">",
            x, y, w, h, x, y, w, h));
    content.run();
    out.append("</svg>");
    return this;
  }

  /** The drawing, with words for those who cannot see it. */
  String drawing(String style, String description) {
    return Text.format(
            "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            style, width, height, Text.escape(description))
        + out
        + "</svg>\n";
  }

  private static String cross(double x, double y, double r, double s) {
    return polygon(
        x - s, y - r, x + s, y - r, x + s, y - s, x + r, y - s, x + r, y + s, x + s, y + s, x + s,
        y + r, x - s, y + r, x - s, y + s, x - r, y + s, x - r, y - s, x - s, y - s);
  }

  private static String polygon(double... xy) {
    StringBuilder path = new StringBuilder("M");
    for (int i = 0; i < xy.length; i += 2) {
      path.append(Text.format(i == 0 ? "%.1f %.1f" : "L%.1f %.1f", xy[i], xy[i + 1]));
    }
    return path.append('z').toString();
  }
}
