package org.longmae.jobs.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All points with all their numbers, failed ones included. */
final class PointTable {
  private final SweepReport report;
  private final List<String> scores;
  private final StringBuilder out = new StringBuilder();

  private PointTable(SweepReport report) {
    this.report = report;
    this.scores = report.scoreNames();
  }

  static String html(SweepReport report) {
    PointTable table = new PointTable(report);
    table.head();
    List<PointReport> points = report.byLength();
    for (int i = 0; i < points.size(); i++) {
      table.row(points.get(i), i);
    }
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All points\">\n<table>\n"
        + table.out
        + "</tbody></table>\n</div>\n";
  }

  private void head() {
    out.append("<thead>\n<tr class=\"groups\"><th></th>");
    group(6, "Setting");
    if (!scores.isEmpty()) {
      group(3 * scores.size(), "Accuracy");
    }
    group(2, "Held-out loss");
    group(2, "Throughput");
    group(4, "Size and length of training");
    out.append("<th></th></tr>\n<tr><th scope=\"col\">Point</th>");
    column("L", "patches");
    column("I", "px");
    column("p", "px");
    column("visible", "patches");
    column("mask unit", "patches");
    column("mask ratio", "");
    for (String score : scores) {
      column(score, "%");
      column(compared(score), "%");
      column("chance", "%");
    }
    column("first", "");
    column("last", "");
    column("speed", "pictures/s");
    column("time", "");
    column("weights", "millions");
    column("arithmetic", "GFLOPs/picture");
    column("epochs", "");
    column("seen", "pictures");
    out.append("<th scope=\"col\" class=\"text\">Run directory</th></tr>\n</thead>\n<tbody>\n");
  }

  private String compared(String score) {
    return report.scored(score).map(p -> p.score(score).orElseThrow().compared()).findFirst().get();
  }

  private void group(int columns, String name) {
    out.append("<th scope=\"colgroup\" colspan=\"")
        .append(columns)
        .append("\"><span>")
        .append(name)
        .append("</span></th>");
  }

  private void column(String name, String unit) {
    out.append("<th scope=\"col\">").append(Text.escape(name));
    if (!unit.isEmpty()) {
      out.append("<small>").append(unit).append("</small>");
    }
    out.append("</th>");
  }

  private void row(PointReport point, int colour) {
    out.append(point.failed() ? "<tr class=\"failed\">" : "<tr>");
    out.append("<th scope=\"row\"><span class=\"swatch k").append(colour).append("\"></span>");
    out.append("<span class=\"point\">").append(Text.escape(point.name())).append("</span></th>");
    cell(Text.count(point.sequenceLength()));
    cell(point.imageSize().toString());
    cell(Integer.toString(point.patchSize()));
    cell(Text.count(point.visiblePatches()));
    cell(Integer.toString(point.maskUnit()));
    cell(Text.format("%s", point.maskRatio()));
    if (point.failed()) {
      failure(point);
    } else {
      results(point);
    }
    cell(Text.format("%.2f", point.parameters() / 1e6));
    cell(Text.amount(point.gflopsPerImage()));
    cell(Integer.toString(point.epochs()));
    cell(Text.count(point.samplesSeen()));
    out.append("<td class=\"text\">").append(directory(point)).append("</td></tr>\n");
  }

  /** A link where the run lies beside the page, as it does in a sweep's folder. */
  private static String directory(PointReport point) {
    String code = "<code>" + Text.escape(point.runDirectory()) + "</code>";
    if (!point.runDirectory().endsWith("/points/" + point.name())) {
      return code;
    }
    String name = URLEncoder.encode(point.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return "<a href=\"points/" + name + "/\">" + code + "</a>";
  }

  private void results(PointReport point) {
    for (String name : scores) {
      cell(
          point
              .score(name)
              .map(s -> Text.format("%.1f ± %.1f", 100 * s.accuracy(), 100 * s.standardError()))
              .orElse(Text.MISSING));
      cell(share(point, name, Score::untrained));
      cell(share(point, name, Score::chance));
    }
    cell(Text.loss(point.firstHeldOutLoss()));
    cell(Text.loss(point.heldOutLoss()));
    cell(Text.amount(point.imagesPerSecond()));
    cell(Text.duration(point.trainSeconds()));
  }

  private static String share(PointReport point, String name, ToDoubleFunction<Score> of) {
    return point
        .score(name)
        .map(s -> Text.format("%.1f", 100 * of.applyAsDouble(s)))
        .orElse(Text.MISSING);
  }

  private void failure(PointReport point) {
    out.append("<td class=\"text failure\" colspan=\"")
        .append(4 + 3 * scores.size())
        .append("\">Failed: ");
    out.append(Text.escape(point.failure())).append("</td>");
  }

  private void cell(String text) {
    out.append("<td>").append(Text.escape(text)).append("</td>");
  }
}
