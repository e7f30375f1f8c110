package org.longmae.jobs.report;

import java.util.List;

/** How far runs lie apart that differ in nothing but their seed. */
final class SeedTable {
  private SeedTable() {}

  /** Settings with several seeds, shortest sequence first. */
  static List<Setting> repeated(SweepReport report) {
    return Setting.of(report.finished()).stream().filter(Setting::repeated).toList();
  }

  /** The table; of a report that has repeated settings. */
  static String html(SweepReport report) {
    List<String> scores = report.scoreNames();
    StringBuilder out = new StringBuilder();
    out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Seeds\">\n");
    out.append("<table>\n<thead>\n<tr class=\"groups\"><th></th><th></th>");
    for (String score : scores) {
      out.append("<th scope=\"colgroup\" colspan=\"3\"><span>")
          .append(Text.escape(score))
          .append(", %</span></th>");
    }
    out.append("<th scope=\"colgroup\" colspan=\"2\"><span>Held-out loss</span></th></tr>\n");
    out.append("<tr><th scope=\"col\">Setting</th><th scope=\"col\">seeds</th>");
    for (String score : scores) {
      String compared =
          report.scored(score).findFirst().orElseThrow().score(score).orElseThrow().compared();
      out.append("<th scope=\"col\">mean</th><th scope=\"col\">range</th><th scope=\"col\">");
      out.append(Text.escape(compared)).append("</th>");
    }
    out.append("<th scope=\"col\">mean</th><th scope=\"col\">range</th></tr>\n</thead>\n<tbody>\n");
    repeated(report).forEach(setting -> row(out, setting, scores));
    return out.append("</tbody></table>\n</div>\n").toString();
  }

  private static void row(StringBuilder out, Setting setting, List<String> scores) {
    out.append("<tr><th scope=\"row\"><span class=\"point\">")
        .append(Text.escape(setting.name()))
        .append("</span></th>");
    cell(out, Text.count(setting.points().size()));
    for (String score : scores) {
      Setting.Sample accuracies = setting.accuracies(score);
      if (accuracies.size() == 0) {
        cell(out, Text.MISSING);
        cell(out, Text.MISSING);
        cell(out, Text.MISSING);
        continue;
      }
      cell(out, spread(accuracies, 100, "%.1f"));
      cell(out, range(accuracies, 100, "%.1f"));
      cell(out, Text.format("%.1f", 100 * setting.untrained(score).mean()));
    }
    Setting.Sample losses = setting.heldOutLosses();
    cell(out, losses.size() == 0 ? Text.MISSING : spread(losses, 1, "%.4f"));
    cell(out, losses.size() == 0 ? Text.MISSING : range(losses, 1, "%.4f"));
    out.append("</tr>\n");
  }

  /** Mean ± standard deviation; of one, itself. */
  private static String spread(Setting.Sample sample, double unit, String format) {
    String mean = Text.format(format, unit * sample.mean());
    return sample.size() < 2 ? mean : mean + " ± " + Text.format(format, unit * sample.deviation());
  }

  private static String range(Setting.Sample sample, double unit, String format) {
    return sample.size() < 2
        ? Text.MISSING
        : Text.format(format, unit * sample.lowest())
            + " to "
            + Text.format(format, unit * sample.highest());
  }

  private static void cell(StringBuilder out, String text) {
    out.append("<td>").append(text).append("</td>");
  }
}
