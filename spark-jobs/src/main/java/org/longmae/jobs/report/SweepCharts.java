package org.longmae.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.longmae.jobs.report.DotChart.Dot;
import org.longmae.jobs.report.DotChart.Level;

/** What the sweep measured against length and against cost, as charts. */
final class SweepCharts {
  private static final String LENGTH = "sequence length L, patches a picture";

  private final SweepReport report;
  private final List<PointReport> order;

  /** What marks of one shape, joined by a line, have in common. */
  private final List<String> groups;

  private final boolean byModel;

  SweepCharts(SweepReport report) {
    this.report = report;
    order = report.byLength();
    List<PointReport> finished = report.finished();
    byModel = finished.stream().map(SweepCharts::model).distinct().count() > 1;
    groups =
        finished.stream()
            .sorted(Comparator.comparing(SweepCharts::model).thenComparing(PointReport::patchSize))
            .map(this::group)
            .distinct()
            .toList();
  }

  private static String model(PointReport point) {
    return point.encoder() + (point.dataset().isEmpty() ? "" : ", " + point.dataset());
  }

  /** The model and its pictures, or, where these are the same throughout, the patch size. */
  private String group(PointReport point) {
    return byModel ? model(point) : point.patchSize() + " px";
  }

  /** What the shapes of the marks mean; empty where there is one shape only. */
  String key() {
    if (groups.size() < 2) {
      return "";
    }
    String what = byModel ? "Encoder and pictures" : "Patch size";
    StringBuilder key = new StringBuilder("<p class=\"key\">").append(what);
    for (int i = 0; i < groups.size(); i++) {
      Svg mark = new Svg(14, 14).mark("sign", i, 7, 7, 5, "");
      String words = groups.get(i);
      key.append("<span>").append(mark.drawing("sign", words)).append(Text.escape(words));
      key.append("</span>");
    }
    return key.append("</p>\n").toString();
  }

  String lossByLength() {
    Axis x = Axis.lengths(LENGTH, values(withLoss(), PointReport::sequenceLength));
    return lossChart("Held-out loss by sequence length", x, PointReport::sequenceLength, false);
  }

  String lossByArithmetic() {
    Axis x =
        Axis.amounts("GFLOPs a picture and step", values(withLoss(), PointReport::gflopsPerImage));
    return lossChart("Held-out loss by arithmetic", x, PointReport::gflopsPerImage, true);
  }

  String lossByTime() {
    Axis x = Axis.amounts("training time, s", values(withLoss(), PointReport::trainSeconds));
    return lossChart("Held-out loss by training time", x, PointReport::trainSeconds, true);
  }

  String scoreByLength(String score) {
    Axis x = Axis.lengths(LENGTH, values(scored(score), PointReport::sequenceLength));
    return scoreChart(score, score + " by sequence length", x, PointReport::sequenceLength, false);
  }

  String scoreByTime(String score) {
    Axis x = Axis.amounts("training time, s", values(scored(score), PointReport::trainSeconds));
    return scoreChart(score, score + " by training time", x, PointReport::trainSeconds, true);
  }

  String scoreByArithmetic(String score) {
    Axis x = Axis.amounts("TFLOPs of training", values(scored(score), SweepCharts::arithmetic));
    return scoreChart(score, score + " by arithmetic", x, SweepCharts::arithmetic, true);
  }

  /** Of the whole training, in 10¹² operations. */
  private static double arithmetic(PointReport point) {
    return point.gflopsPerImage() * point.samplesSeen() * 1e-3;
  }

  private String lossChart(
      String description, Axis x, ToDoubleFunction<PointReport> at, boolean named) {
    List<Dot> dots = new ArrayList<>();
    for (PointReport point : withLoss()) {
      double loss = point.heldOutLoss().orElseThrow();
      String words = named ? report.label(point) : Text.format("%.3f", loss);
      dots.add(dot(point, at, loss, 0, false, words, "held-out loss " + Text.loss(loss)));
    }
    Axis y = Axis.linear("held-out loss", dots.stream().mapToDouble(Dot::y).toArray());
    // With normalised targets, answering every patch with its own mean scores 1: no skill at all.
    boolean relative = withLoss().stream().allMatch(PointReport::normalizedTarget);
    List<Level> levels =
        relative && y.low() < 1 && y.high() > 1
            ? List.of(new Level(1, "1 = nothing but the patch's mean"))
            : List.of();
    return new DotChart(description, x, y, dots, levels).drawings();
  }

  private String scoreChart(
      String name, String description, Axis x, ToDoubleFunction<PointReport> at, boolean named) {
    List<PointReport> points = scored(name);
    double best =
        points.stream().mapToDouble(p -> p.score(name).orElseThrow().accuracy()).max().orElse(0);
    long winners =
        points.stream().filter(p -> p.score(name).orElseThrow().accuracy() == best).count();
    List<Dot> dots = new ArrayList<>();
    for (PointReport point : points) {
      Score score = point.score(name).orElseThrow();
      boolean ring = score.accuracy() == best && winners == 1 && points.size() > 1;
      String percent = Text.format("%.1f", 100 * score.accuracy());
      dots.add(
          dot(
              point,
              at,
              100 * score.accuracy(),
              100 * score.standardError(),
              ring,
              named ? report.label(point) : percent,
              name + " " + percent + " %"));
      if (!named) {
        dots.add(untrained(point, at, score));
      }
    }
    List<Level> levels = levels(points, name);
    double[] heights =
        DoubleStream.concat(
                dots.stream()
                    .flatMapToDouble(d -> DoubleStream.of(d.y() - d.error(), d.y() + d.error())),
                levels.stream().mapToDouble(Level::y))
            .toArray();
    Axis y = Axis.linear(name + " accuracy, %", heights);
    return new DotChart(description, x, y, dots, levels).drawings();
  }

  /** What is scored without pre-training; said in words at the longest sequence only. */
  private Dot untrained(PointReport point, ToDoubleFunction<PointReport> at, Score score) {
    List<PointReport> points = scored(score.name());
    boolean last = point == points.get(points.size() - 1);
    double percent = 100 * score.untrained();
    String words = Text.format("%.1f", percent);
    // Of many points the last says it for all.
    String own = points.size() > DotChart.MOST_WORDS ? "" : words;
    String tip = point.name() + ": " + score.compared() + ", " + score.name() + " " + words + " %";
    return new Dot(
        at.applyAsDouble(point),
        percent,
        0,
        order.indexOf(point),
        groups.indexOf(group(point)),
        false,
        true,
        last ? score.compared() + " " + words : own,
        tip);
  }

  /** Lines for what all points are compared with, if it is the same for all. */
  private static List<Level> levels(List<PointReport> points, String name) {
    List<Level> levels = new ArrayList<>();
    level(points, name, Score::chance, "always the largest class").ifPresent(levels::add);
    if (points.stream().allMatch(p -> p.score(name).orElseThrow().pixels() != null)) {
      level(points, name, Score::pixels, "raw pixels").ifPresent(levels::add);
    }
    return levels;
  }

  private static Optional<Level> level(
      List<PointReport> points, String name, ToDoubleFunction<Score> of, String what) {
    double[] shares =
        points.stream()
            .mapToDouble(p -> of.applyAsDouble(p.score(name).orElseThrow()))
            .distinct()
            .toArray();
    return shares.length == 1
        ? Optional.of(new Level(100 * shares[0], Text.format("%s: %.1f", what, 100 * shares[0])))
        : Optional.empty();
  }

  private Dot dot(
      PointReport point,
      ToDoubleFunction<PointReport> at,
      double y,
      double error,
      boolean best,
      String words,
      String result) {
    String tip = point.name() + ": " + report.label(point) + ", " + result;
    int group = groups.indexOf(group(point));
    return new Dot(
        at.applyAsDouble(point), y, error, order.indexOf(point), group, best, false, words, tip);
  }

  private List<PointReport> withLoss() {
    return report.finished().stream().filter(p -> p.heldOutLoss().isPresent()).toList();
  }

  private List<PointReport> scored(String score) {
    return report.scored(score).toList();
  }

  private static double[] values(List<PointReport> points, ToDoubleFunction<PointReport> of) {
    return points.stream().mapToDouble(of).toArray();
  }
}
