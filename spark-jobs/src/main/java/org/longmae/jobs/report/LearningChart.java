package org.longmae.jobs.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Loss by pictures seen, or by the arithmetic that it took: a smooth line over the faint logged
 * one, held-out losses as open circles, the words at the end of the line.
 */
final class LearningChart {
  /** More values than this over the width of a drawing only make the page heavy. */
  private static final int DRAWN_POINTS = 300;

  private static final int DRAWN_POINTS_OF_MANY = 120;
  private static final int MOST_WORDS = 14;

  /** Width of the lines that lead from a curve to its words. */
  private static final double LEADER = 24;

  /** What the curves are drawn over. */
  enum Over {
    PICTURES("training pictures seen"),
    /** Which makes points comparable whose pictures cost differently. */
    ARITHMETIC("TFLOPs of training");

    private final String words;

    Over(String words) {
      this.words = words;
    }

    /** What a picture adds to x. */
    private double unit(PointReport point) {
      return this == PICTURES ? 1 : point.gflopsPerImage() * 1e-3;
    }
  }

  private final Over over;
  private final List<Course> courses;
  private final Axis x;
  private final Axis y;

  /** A point's curve, ready to draw. */
  private record Course(
      int colour,
      String words,
      double unit,
      List<CurvePoint> raw,
      double[] smooth,
      List<CurvePoint> heldOut) {
    double x(CurvePoint point) {
      return point.samplesSeen() * unit;
    }

    Stream<CurvePoint> all() {
      return Stream.concat(raw.stream(), heldOut.stream());
    }

    double lastX() {
      return x(raw.get(raw.size() - 1));
    }

    double lastY() {
      return smooth[smooth.length - 1];
    }
  }

  private LearningChart(Over over, List<Course> courses) {
    this.over = over;
    this.courses = courses;
    double most =
        courses.stream()
            .flatMapToDouble(course -> course.all().mapToDouble(course::x))
            .max()
            .orElse(1);
    x = Axis.fromZero(over.words, most);
    y = Axis.linear("loss", withoutOutliers());
  }

  /** The chart of all points that have a curve, failed ones too; empty where none has. */
  static Optional<LearningChart> of(SweepReport report, Over over) {
    List<PointReport> points = report.byLength();
    List<Course> courses =
        IntStream.range(0, points.size())
            .mapToObj(i -> course(report, over, points.get(i), i))
            .filter(course -> !course.raw.isEmpty())
            .toList();
    return courses.isEmpty() ? Optional.empty() : Optional.of(new LearningChart(over, courses));
  }

  /** The chart for wide and for narrow screens; the style sheet shows one. */
  String drawings() {
    return drawing(Canvas.FULL) + drawing(Canvas.TALL_PHONE);
  }

  /** What is drawn. */
  String note() {
    return many()
        ? "Moving averages of the training loss over a twentieth of each run; some lines are named,"
            + " by sequence length."
        : "Strong line: moving average over a twentieth of the run. Faint line: logged losses. Open"
            + " circles: held-out loss. Single spikes may reach beyond the drawing.";
  }

  /** Whether there are too many lines to name each and to show more than its course. */
  private boolean many() {
    return courses.size() > MOST_WORDS;
  }

  private static Course course(SweepReport report, Over over, PointReport point, int colour) {
    List<CurvePoint> raw = Smoothing.finite(point.curve());
    String words = report.label(point) + (point.failed() ? ", failed" : "");
    return new Course(
        colour,
        words,
        over.unit(point),
        raw,
        Smoothing.average(raw),
        Smoothing.finite(point.heldOut()));
  }

  /**
   * All smooth values and held-out losses, and the logged ones but for the extreme hundredth: one
   * spike must not flatten every curve.
   */
  private double[] withoutOutliers() {
    double[] logged =
        courses.stream()
            .flatMap(c -> c.raw.stream())
            .mapToDouble(CurvePoint::loss)
            .sorted()
            .toArray();
    int cut = logged.length / 100;
    double[] kept = Arrays.copyOfRange(logged, cut, logged.length - cut);
    double[] heldOut =
        courses.stream().flatMap(c -> c.heldOut.stream()).mapToDouble(CurvePoint::loss).toArray();
    return IntStream.range(0, kept.length + heldOut.length)
        .mapToDouble(i -> i < kept.length ? kept[i] : heldOut[i - kept.length])
        .toArray();
  }

  private String drawing(Canvas whole) {
    List<String> words = evenly(courses).stream().map(Course::words).toList();
    double longest = words.stream().mapToDouble(whole::textWidth).max().orElse(0);
    // Long words are cut off where the curves would have too little room.
    double room = Math.min(longest, 0.27 * whole.width());
    Canvas canvas = whole.withRight(room + LEADER);
    Svg svg = new Svg(canvas.width(), canvas.height());
    canvas.axes(svg, x, y);
    svg.clipped(
        canvas.left() - 4,
        canvas.top() - 4,
        canvas.plotWidth() + 8,
        canvas.plotHeight() + 4,
        () -> {
          if (many()) {
            courses.forEach(course -> line(svg, canvas, course, course.smooth, "curve thin"));
          } else {
            courses.forEach(course -> line(svg, canvas, course, rawLosses(course), "raw"));
            courses.forEach(course -> line(svg, canvas, course, course.smooth, "curve"));
            courses.forEach(course -> circles(svg, canvas, course));
          }
        });
    words(svg, canvas, room);
    return svg.drawing("chart " + canvas.style(), "Loss by " + over.words + ", a line a point");
  }

  private static double[] rawLosses(Course course) {
    return course.raw.stream().mapToDouble(CurvePoint::loss).toArray();
  }

  private void line(Svg svg, Canvas canvas, Course course, double[] losses, String style) {
    int drawn = many() ? DRAWN_POINTS_OF_MANY : DRAWN_POINTS;
    int step = Math.max(1, losses.length / drawn);
    double[] xy =
        // The last value is always among the drawn ones: the words stand beside it.
        IntStream.iterate((losses.length - 1) % step, i -> i < losses.length, i -> i + step)
            .mapToObj(i -> i)
            .flatMapToDouble(
                i ->
                    Arrays.stream(
                        new double[] {
                          canvas.x(x, course.x(course.raw.get(i))), canvas.y(y, losses[i])
                        }))
            .toArray();
    svg.path(style + " k" + course.colour, xy);
  }

  private void circles(Svg svg, Canvas canvas, Course course) {
    for (CurvePoint point : course.heldOut) {
      String tip =
          course.words
              + ": held-out loss "
              + Text.loss(point.loss())
              + " after "
              + Text.count(point.samplesSeen())
              + " pictures";
      svg.mark(
          "open k" + course.colour,
          0,
          canvas.x(x, course.x(point)),
          canvas.y(y, point.loss()),
          3,
          tip);
    }
  }

  /** Words at the ends of the lines, moved apart where lines end close together. */
  private void words(Svg svg, Canvas canvas, double room) {
    List<Course> named = new ArrayList<>(evenly(courses));
    named.sort(Comparator.comparingDouble(course -> canvas.y(y, course.lastY())));
    double gap = canvas.letter() * 1.25;
    double[] at =
        spread(named.stream().mapToDouble(c -> canvas.y(y, c.lastY())).toArray(), gap, canvas);
    double edge = canvas.left() + canvas.plotWidth();
    int letters = (int) Math.round(room / canvas.textWidth("x"));
    for (int i = 0; i < named.size(); i++) {
      Course course = named.get(i);
      double[] leader = {
        canvas.x(x, course.lastX()) + 2,
        canvas.y(y, course.lastY()),
        edge + 9,
        at[i],
        edge + 16,
        at[i]
      };
      svg.path("leader k" + course.colour, leader);
      svg.text(
          "words",
          "start",
          edge + 20,
          at[i] + canvas.letter() * 0.35,
          Text.shorten(course.words, letters));
    }
  }

  private static List<Course> evenly(List<Course> all) {
    if (all.size() <= MOST_WORDS) {
      return all;
    }
    return IntStream.range(0, MOST_WORDS)
        .mapToObj(i -> all.get(i * (all.size() - 1) / (MOST_WORDS - 1)))
        .toList();
  }

  /** Heights at least {@code gap} apart, in the same order, pushed down and then back up. */
  private static double[] spread(double[] wanted, double gap, Canvas canvas) {
    double[] at = wanted.clone();
    for (int i = 0; i < at.length; i++) {
      at[i] = Math.max(at[i], i == 0 ? canvas.top() : at[i - 1] + gap);
    }
    for (int i = at.length - 1; i >= 0; i--) {
      at[i] = Math.min(at[i], i == at.length - 1 ? canvas.bottom() : at[i + 1] - gap);
    }
    return at;
  }
}
