package org.longmae.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.SweepReport;

/** A finished sweep, for the terminal and for machines. */
final class SweepSummary {
  private SweepSummary() {}

  /** A line a point, and where the report lies. */
  static String text(SweepReport report, Path page) {
    return report.points().stream().map(SweepSummary::line).collect(Collectors.joining("\n"))
        + "\nreport: "
        + page;
  }

  /**
   * {@code {"seconds", "report", "quarantined", "points": [{"sequence_length", "images_per_second",
   * "held_out_loss", "probe_accuracy"}]}}; what was not measured is null.
   */
  static Map<String, Object> json(SweepReport report, Path page) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", report.seconds());
    json.put("report", page.toUri().getPath());
    json.put("quarantined", report.quarantined());
    json.put("points", report.points().stream().map(SweepSummary::point).toList());
    return json;
  }

  static boolean anyFailed(SweepReport report) {
    return report.points().stream().anyMatch(PointReport::failed);
  }

  private static String line(PointReport point) {
    if (point.failed()) {
      return String.format("L=%-5d failed: %s", point.sequenceLength(), point.failure());
    }
    return String.format(
        Locale.ROOT,
        "L=%-5d held-out loss %.4f (%.4f before training)  %s  %.0f images/s",
        point.sequenceLength(),
        point.heldOutLoss().orElse(Double.NaN),
        point.firstHeldOutLoss().orElse(Double.NaN),
        probe(point),
        point.imagesPerSecond());
  }

  private static String probe(PointReport point) {
    return point.scores().stream()
        .map(
            score ->
                String.format(
                    Locale.ROOT,
                    "%s %.1f %% (%.1f %% before training, largest class %.1f %%)",
                    score.name(),
                    100 * score.accuracy(),
                    100 * score.untrained(),
                    100 * score.chance()))
        .findFirst()
        .orElse("no probe");
  }

  private static Map<String, Object> point(PointReport point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sequence_length", point.sequenceLength());
    json.put("images_per_second", point.imagesPerSecond());
    json.put("held_out_loss", boxed(point.heldOutLoss()));
    json.put(
        "probe_accuracy",
        point.scores().stream().findFirst().map(score -> score.accuracy()).orElse(null));
    if (point.failed()) {
      json.put("failure", point.failure());
    }
    return json;
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
