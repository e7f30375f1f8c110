package org.longmae.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a sweep found, in words and no louder than its numbers.
 *
 * <p>An accuracy over n pictures moves by about √(a(1 − a)/n) from one set of pictures to another.
 * A lead counts as one only from two such errors on, of both points together; the same pictures are
 * used for all points, so this is on the careful side. A setting that was run with several seeds
 * counts by their mean, and their spread adds to its error.
 */
final class Findings {
  /** The paper trains for 800 passes and more; a tenth of that is called short. */
  private static final int SHORT_EPOCHS = 80;

  private final SweepReport report;
  private final List<PointReport> finished;
  private final List<PointReport> withLoss;

  Findings(SweepReport report) {
    this.report = report;
    finished = report.finished();
    withLoss = finished.stream().filter(p -> p.heldOutLoss().isPresent()).toList();
  }

  /** One sentence without its full stop: the title of the page. */
  String headline() {
    if (report.points().isEmpty()) {
      return "This sweep has no points";
    }
    if (finished.isEmpty()) {
      return "No point of this sweep finished";
    }
    String score =
        report.scoreNames().stream()
            .filter(n -> report.scored(n).count() > 1)
            .findFirst()
            .orElse("");
    if (!score.isEmpty()) {
      return runs() + scoreHeadline(score);
    }
    if (withLoss.size() > 1) {
      return runs() + lossHeadline();
    }
    return finished.size() == 1
        ? single(finished.get(0))
        : Text.count(finished.size(), "point")
            + " trained; too little was measured to compare them";
  }

  /** The sentences under the title. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (finished.size() > 1) {
      sentences.add(price());
    }
    if (!withLoss.isEmpty()) {
      sentences.add(learning());
    }
    SeedTable.repeated(report).stream()
        .mapToInt(setting -> setting.points().size())
        .max()
        .ifPresent(
            seeds ->
                sentences.add(
                    "Settings that were run with up to "
                        + seeds
                        + " seeds are compared by their means."));
    if (finished.stream().mapToLong(PointReport::samplesSeen).distinct().count() > 1) {
      sentences.add(
          "The points saw different numbers of pictures, so length is not all that differs.");
    }
    long failed = report.points().size() - finished.size();
    if (failed > 0) {
      sentences.add(
          Text.count(failed)
              + " of "
              + Text.count(report.points().size(), "point")
              + " failed; the table says why.");
    }
    if (!report.quarantined().isEmpty()) {
      sentences.add(
          Text.count(report.quarantined().size(), "picture")
              + " could not be read and were left out.");
    }
    return sentences;
  }

  /** Whether held-out losses of different points answer the same question. */
  boolean sameTask() {
    return withLoss.stream()
            .map(
                p ->
                    List.of(
                        p.imageSize(),
                        p.channels(),
                        p.patchSize(),
                        p.maskUnit(),
                        p.maskRatio(),
                        p.normalizedTarget(),
                        p.predictionDownsampling()))
            .distinct()
            .count()
        <= 1;
  }

  private String runs() {
    boolean few = finished.stream().allMatch(p -> p.epochs() < SHORT_EPOCHS);
    return few ? "In these short runs, " : "In these runs, ";
  }

  private String scoreHeadline(String name) {
    List<Setting> ranked =
        Setting.of(report.scored(name).toList()).stream()
            .sorted(Comparator.comparingDouble((Setting s) -> -s.accuracies(name).mean()))
            .toList();
    Setting best = ranked.get(0);
    Setting last = ranked.get(ranked.size() - 1);
    Score first = score(best.points().get(0), name);
    double highest = best.accuracies(name).mean();
    double error = best.standardError(name);
    if (highest - first.chance() <= 2 * error) {
      return "no " + name + " is clearly better than always answering with the largest class";
    }
    if (highest - best.untrained(name).mean() <= 2 * error) {
      return "no " + name + " is clearly better than " + without(first);
    }
    if (ranked.size() == 1) {
      return "the " + name + " reads " + Text.percent(highest) + ", the mean of its seeds";
    }
    double lowest = last.accuracies(name).mean();
    if (highest == lowest) {
      return "the " + name + " reads " + Text.percent(highest) + " at every length";
    }
    String top = "the " + name + " is highest at " + label(best) + " with " + Text.percent(highest);
    Setting second = ranked.get(1);
    if (!clear(best, second, name)) {
      return top + ", but " + label(second) + " is within the noise";
    }
    return top + ", against " + Text.percent(lowest) + " at " + label(last);
  }

  /** What a score is compared with. */
  private static String without(Score score) {
    return score.compared().equals(Score.FROM_SCRATCH) ? "from scratch" : "before training";
  }

  private static boolean clear(Setting first, Setting second, String name) {
    double error = Math.hypot(first.standardError(name), second.standardError(name));
    return first.accuracies(name).mean() - second.accuracies(name).mean() > 2 * error;
  }

  private String lossHeadline() {
    double[] losses =
        withLoss.stream().mapToDouble(p -> p.heldOutLoss().orElseThrow()).distinct().toArray();
    if (losses.length == 1) {
      return "held-out loss reads " + Text.format("%.3f", losses[0]) + " at every point";
    }
    PointReport best =
        withLoss.stream()
            .min(Comparator.comparingDouble(p -> p.heldOutLoss().orElseThrow()))
            .orElseThrow();
    String lowest =
        "held-out loss is lowest at "
            + label(best)
            + " with "
            + Text.format("%.3f", best.heldOutLoss().orElseThrow());
    return sameTask() ? lowest : lowest + ", though each point predicts something else";
  }

  private String single(PointReport point) {
    String about = "One point, " + label(point);
    if (point.heldOutLoss().isEmpty()) {
      return about + ": trained, not measured";
    }
    String loss =
        about + ": held-out loss " + Text.format("%.3f", point.heldOutLoss().getAsDouble());
    return loss
        + point.scores().stream()
            .map(
                s ->
                    ", "
                        + s.name()
                        + " "
                        + Text.percent(s.accuracy())
                        + " ("
                        + without(s)
                        + " "
                        + Text.percent(s.untrained())
                        + ", chance "
                        + Text.percent(s.chance())
                        + ")")
            .collect(Collectors.joining());
  }

  private String price() {
    PointReport shortest = finished.get(0);
    PointReport longest = finished.get(finished.size() - 1);
    double longer = (double) longest.sequenceLength() / shortest.sequenceLength();
    if (longer <= 1) {
      return "All points have the same sequence length.";
    }
    return "A sequence "
        + Text.ratio(longer)
        + " times as long ("
        + label(shortest)
        + " to "
        + label(longest)
        + ") took "
        + Text.ratio(longest.gflopsPerImage() / shortest.gflopsPerImage())
        + " times the arithmetic a picture and trained at "
        + Text.amount(longest.imagesPerSecond())
        + " instead of "
        + Text.amount(shortest.imagesPerSecond())
        + " pictures a second.";
  }

  private String learning() {
    List<PointReport> measured =
        withLoss.stream()
            .filter(p -> p.firstHeldOutLoss().isPresent() && p.heldOut().size() > 1)
            .toList();
    if (measured.isEmpty()) {
      return "Held-out loss was measured once, so whether it fell is not known.";
    }
    List<PointReport> stuck =
        measured.stream()
            .filter(p -> p.heldOutLoss().orElseThrow() >= p.firstHeldOutLoss().orElseThrow())
            .toList();
    if (stuck.isEmpty()) {
      return measured.size() == 1
          ? "Held-out loss fell over training."
          : "Held-out loss fell over training at all "
              + measured.size()
              + " points where it was followed.";
    }
    return "Held-out loss did not fall over training at "
        + stuck.stream().map(this::label).collect(Collectors.joining(", "))
        + ".";
  }

  private static Score score(PointReport point, String name) {
    return point.score(name).orElseThrow();
  }

  private String label(PointReport point) {
    return report.label(point);
  }

  /** A setting's length, and its name where the length is not enough. */
  private String label(Setting setting) {
    PointReport first = setting.points().get(0);
    if (!setting.repeated()) {
      return label(first);
    }
    boolean alone =
        report.points().stream()
            .filter(p -> p.sequenceLength() == first.sequenceLength())
            .allMatch(setting.points()::contains);
    String length = String.join(Text.NO_BREAK, "L", "=", Text.count(first.sequenceLength()));
    return alone ? length : length + " (" + Text.shorten(setting.name(), 24) + ")";
  }
}
