package org.longmae.jobs.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * One mark a point, with words beside it where there is room.
 *
 * @param description the chart in words
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param dots the marks; the words of the first ones are placed first
 * @param levels horizontal lines to compare with
 */
record DotChart(String description, Axis x, Axis y, List<Dot> dots, List<Level> levels) {
  private static final double RADIUS = 5;

  /** With more marks than this only the outermost ones have words; the others on hovering. */
  static final int MOST_WORDS = 12;

  /**
   * A point of the sweep in this chart.
   *
   * @param colour its place in the palette
   * @param group what its shape says; points of one group are joined in the order of x, through the
   *     mean of those at one x
   * @param error half the height of the bar through it; 0 for none
   * @param best whether it wears a ring
   * @param hollow whether it is something to compare with; drawn as an outline, joined with its
   *     like
   */
  record Dot(
      double x,
      double y,
      double error,
      int colour,
      int group,
      boolean best,
      boolean hollow,
      String words,
      String tip) {
    /** Dots of one line: of one shape, filled or hollow. */
    private int line() {
      return hollow ? -1 - group : group;
    }
  }

  /** A horizontal line and what it means. */
  record Level(double y, String words) {}

  /** The chart for wide and for narrow screens; the style sheet shows one. */
  String drawings() {
    return drawing(Canvas.HALF) + drawing(Canvas.PHONE);
  }

  private String drawing(Canvas canvas) {
    Svg svg = new Svg(canvas.width(), canvas.height());
    LabelPlacer labels = new LabelPlacer(canvas);
    canvas.axes(svg, x, y);
    joinGroups(svg, canvas, labels);
    dots.forEach(dot -> mark(svg, canvas, labels, dot));
    levels.forEach(level -> draw(svg, canvas, labels, level));
    dots.stream()
        .filter(dot -> !dot.words.isEmpty())
        .filter(dot -> dots.size() <= MOST_WORDS || dot.best || outermost(dot))
        .sorted(Comparator.comparing((Dot dot) -> !dot.best).thenComparing(Dot::hollow))
        .forEach(dot -> words(svg, canvas, labels, dot));
    return svg.drawing("chart " + canvas.style(), description);
  }

  private void draw(Svg svg, Canvas canvas, LabelPlacer labels, Level level) {
    double at = canvas.y(y, level.y);
    svg.line("level", canvas.left(), at, canvas.left() + canvas.plotWidth(), at);
    double first = canvas.left() + canvas.textWidth(level.words) / 2 + 4;
    double last = canvas.left() + canvas.plotWidth() - canvas.textWidth(level.words) / 2;
    DoubleStream.of(first, (first + last) / 2, last)
        .mapToObj(middle -> labels.beside(middle, at, 0, level.words))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(place -> svg.text("aside", place.anchor(), place.x(), place.y(), level.words));
  }

  private void joinGroups(Svg svg, Canvas canvas, LabelPlacer labels) {
    Map<Integer, List<Dot>> groups =
        dots.stream().collect(Collectors.groupingBy(Dot::line, TreeMap::new, Collectors.toList()));
    for (List<Dot> group : groups.values()) {
      // Through the mean of those at one x, such as other seeds: else it would be a zigzag that
      // means nothing.
      Map<Double, Double> means =
          group.stream()
              .collect(
                  Collectors.groupingBy(Dot::x, TreeMap::new, Collectors.averagingDouble(Dot::y)));
      if (means.size() > 1) {
        double[] xy =
            means.entrySet().stream()
                .flatMapToDouble(
                    mean ->
                        DoubleStream.of(canvas.x(x, mean.getKey()), canvas.y(y, mean.getValue())))
                .toArray();
        svg.path(group.get(0).hollow ? "join faint" : "join", xy);
        labels.avoidLine(xy);
      }
    }
  }

  private void mark(Svg svg, Canvas canvas, LabelPlacer labels, Dot dot) {
    double atX = canvas.x(x, dot.x);
    double atY = canvas.y(y, dot.y);
    labels.avoid(atX, atY, RADIUS);
    String colour = "k" + dot.colour;
    if (dot.error > 0) {
      double foot = canvas.y(y, dot.y - dot.error);
      double head = canvas.y(y, dot.y + dot.error);
      svg.line("bar " + colour, atX, foot, atX, head);
      labels.avoidLine(atX, foot, atX, head);
    }
    if (dot.best) {
      svg.mark("ring " + colour, dot.group, atX, atY, RADIUS + 3.5, dot.tip);
    }
    svg.mark((dot.hollow ? "hollow " : "dot ") + colour, dot.group, atX, atY, RADIUS, dot.tip);
  }

  private boolean outermost(Dot dot) {
    return dots.stream().allMatch(other -> other.x >= dot.x)
        || dots.stream().allMatch(other -> other.x <= dot.x)
        || dots.stream().allMatch(other -> other.y >= dot.y)
        || dots.stream().allMatch(other -> other.y <= dot.y);
  }

  private void words(Svg svg, Canvas canvas, LabelPlacer labels, Dot dot) {
    double radius = dot.best ? RADIUS + 3.5 : RADIUS;
    labels
        .beside(canvas.x(x, dot.x), canvas.y(y, dot.y), radius, dot.words)
        .ifPresent(
            place ->
                svg.text(
                    dot.best ? "words strong" : "words",
                    place.anchor(),
                    place.x(),
                    place.y(),
                    dot.words));
  }
}
