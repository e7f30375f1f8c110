package org.longmae.jobs.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The report of a sweep as one HTML page.
 *
 * <p>The page is complete in itself: styles, charts and pictures are inside, there is no script,
 * and its content security policy forbids it to load anything. It starts with what was found, in a
 * sentence made from the numbers, and ends with what they do not show.
 */
public final class ReportPage {
  private final SweepReport report;
  private final Map<String, byte[]> pictures;
  private final Findings findings;
  private final StringBuilder out = new StringBuilder();
  private int figures;

  private ReportPage(SweepReport report, Map<String, byte[]> pictures) {
    this.report = report;
    this.pictures = pictures;
    this.findings = new Findings(report);
  }

  /**
   * Writes the page.
   *
   * @param pictures reconstruction grids as PNG or JPEG files, by the names of the points they
   *     belong to; points may be without one
   */
  public static String html(SweepReport report, Map<String, byte[]> pictures) {
    return new ReportPage(report, pictures).page();
  }

  private String page() {
    top();
    metrics();
    cost();
    learning();
    reconstructions();
    seeds();
    table();
    quarantined();
    made();
    return out.append("</main>\n</body>\n</html>\n").toString();
  }

  private void top() {
    String headline = Text.escape(findings.headline());
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .append(" style-src 'unsafe-inline'; img-src data:\">\n<title>")
        .append(headline)
        .append("</title>\n<style>\n")
        .append(Style.CSS)
        .append(Palette.css(report.points().size()))
        .append("</style>\n</head>\n<body>\n<main>\n<header>\n<p class=\"kicker\">")
        .append(Text.escape(report.title()))
        .append("</p>\n<h1>")
        .append(headline)
        .append("</h1>\n<p class=\"lead\">")
        .append(Text.escape(String.join(" ", findings.sentences())))
        .append("</p>\n<dl class=\"facts\">\n");
    fact("Points", points());
    fact("Training pictures", Text.count(report.trainPictures()));
    fact("Held-out pictures", Text.count(report.heldOutPictures()));
    fact("Time in all", Text.duration(report.seconds()));
    out.append("</dl>\n</header>\n");
  }

  private String points() {
    int all = report.points().size();
    int failed = all - report.finished().size();
    if (failed == all && all > 0) {
      return Text.count(all) + ", failed";
    }
    return failed == 0 ? Text.count(all) : Text.count(all) + ", " + failed + " of them failed";
  }

  private void fact(String name, String value) {
    out.append("<div><dt>")
        .append(name)
        .append("</dt><dd>")
        .append(Text.escape(value))
        .append("</dd></div>\n");
  }

  private void metrics() {
    section("Quality by sequence length");
    if (report.scoreNames().isEmpty()) {
      paragraph(
          report.probeNote().isEmpty() ? "No labelled evaluation was made." : report.probeNote());
    } else {
      paragraph(
          "Accuracy is the number to compare points by: all of them classify the same held-out"
              + " pictures. The bars are one standard error either way.");
    }
    if (measuredLoss() && !findings.sameTask()) {
      paragraph(
          "Held-out losses are not the same task. With another patch size, picture size, number of"
              + " channels, target or mask, something else is hidden and predicted, so a lower loss"
              + " is not by itself a better model.");
    }
    SweepCharts charts = new SweepCharts(report);
    out.append(charts.key()).append("<div class=\"pair\">\n");
    for (String score : report.scoreNames()) {
      figure(score + " by sequence length", charts.scoreByLength(score), comparisonNote(score));
    }
    if (measuredLoss()) {
      figure("Held-out loss by sequence length", charts.lossByLength(), lossNote());
    }
    out.append("</div>\n");
    endSection();
  }

  /** Says what to compare with; where points have different chances, there is no dashed line. */
  private String comparisonNote(String score) {
    double[] chances =
        report
            .scored(score)
            .mapToDouble(point -> point.score(score).orElseThrow().chance())
            .distinct()
            .toArray();
    boolean scratch =
        report
            .scored(score)
            .anyMatch(p -> p.score(score).orElseThrow().compared().equals(Score.FROM_SCRATCH));
    String untrained =
        scratch
            ? "Hollow marks: the same trained from random weights, for as many epochs. "
            : "Hollow marks: the same encoder before training. ";
    return chances.length == 1
        ? untrained
            + "Dashed line: always answering with the largest class, "
            + Text.percent(chances[0])
            + " right."
        : untrained
            + "Always answering with the largest class scores differently from point to point; see the"
            + " table.";
  }

  private String lossNote() {
    boolean relative = report.finished().stream().allMatch(PointReport::normalizedTarget);
    return relative
        ? "Targets are normalised patch by patch, so the loss is about the share of a hidden patch's"
            + " variance that stays unexplained."
        : "";
  }

  private void cost() {
    if (!measuredLoss() && report.scoreNames().isEmpty()) {
      return;
    }
    section("Quality by cost");
    SweepCharts charts = new SweepCharts(report);
    out.append(charts.key()).append("<div class=\"pair\">\n");
    report.scoreNames().stream()
        .limit(1)
        .forEach(
            score -> {
              figure(score + " by training time", charts.scoreByTime(score), "");
              figure(score + " by arithmetic of training", charts.scoreByArithmetic(score), "");
            });
    if (measuredLoss()) {
      figure("Held-out loss by arithmetic a picture", charts.lossByArithmetic(), "");
      if (report.scoreNames().isEmpty()) {
        figure("Held-out loss by training time", charts.lossByTime(), "");
      }
    }
    out.append("</div>\n");
    endSection();
  }

  private void learning() {
    Optional<LearningChart> pictures = LearningChart.of(report, LearningChart.Over.PICTURES);
    if (pictures.isEmpty()) {
      return;
    }
    section("Learning curves");
    out.append("<div class=\"single\">\n");
    figure("Loss by training pictures seen", pictures.get().drawings(), pictures.get().note());
    if (report.points().stream().mapToDouble(PointReport::gflopsPerImage).distinct().count() > 1) {
      LearningChart arithmetic =
          LearningChart.of(report, LearningChart.Over.ARITHMETIC).orElseThrow();
      figure(
          "Loss by arithmetic",
          arithmetic.drawings(),
          "The same over what it took: a picture of a longer sequence costs more.");
    }
    out.append("</div>\n");
    endSection();
  }

  private void reconstructions() {
    if (report.finished().isEmpty()) {
      return;
    }
    section("Reconstructions");
    out.append(PictureSection.html(report, pictures));
    endSection();
  }

  private void seeds() {
    if (SeedTable.repeated(report).isEmpty()) {
      return;
    }
    section("Seeds");
    paragraph(
        "How far runs lie apart that differ in nothing but their seed: mean with one standard"
            + " deviation, lowest to highest.");
    out.append(SeedTable.html(report));
    endSection();
  }

  private void table() {
    section("All points");
    paragraph(
        "L = (I / p)² patches a picture, for pictures of I × I and patches of p × p pixels. Accuracy"
            + " is given with one standard error.");
    out.append(PointTable.html(report));
    endSection();
  }

  private void quarantined() {
    List<String> files = report.quarantined();
    if (files.isEmpty()) {
      return;
    }
    section("Pictures left out");
    out.append("<details").append(files.size() <= 12 ? " open" : "").append("><summary>");
    out.append(Text.count(files.size(), "picture"))
        .append(" could not be read</summary>\n<ul class=\"files\">\n");
    files.forEach(file -> out.append("<li>").append(Text.escape(file)).append("</li>\n"));
    out.append("</ul></details>\n");
    endSection();
  }

  private void made() {
    section("How this was made");
    out.append("<pre>")
        .append(Text.escape(report.command()))
        .append("</pre>\n<dl class=\"made\">\n");
    out.append("<dt>Machine</dt><dd>").append(Text.escape(report.machine())).append("</dd>\n");
    out.append("<dt>Pictures</dt><dd>")
        .append(Text.escape(report.dataset()))
        .append("</dd>\n</dl>\n");
    paragraph(
        "What the numbers do not show: "
            + (SeedTable.repeated(report).isEmpty()
                ? "each point is one run with one seed"
                : "what the seeds' table does not name is one run with one seed")
            + ", so differences of the size that another seed would make are not findings; speeds"
            + " hold for the machine above; and after longer training, with a larger model or on"
            + " other pictures the order of the points may differ.");
    paragraph(
        "The figure of the paper (Hu et al., Exploring Long-Sequence Masked Autoencoders,"
            + " arXiv:2210.07224) is not drawn here: it shows box AP on COCO after fine-tuning a"
            + " detector, which cannot be compared with the metrics on this page.");
    endSection();
  }

  private boolean measuredLoss() {
    return report.finished().stream().anyMatch(point -> point.heldOutLoss().isPresent());
  }

  private void section(String name) {
    out.append("<section>\n<h2>").append(name).append("</h2>\n");
  }

  private void endSection() {
    out.append("</section>\n");
  }

  private void paragraph(String words) {
    out.append("<p>").append(Text.escape(words)).append("</p>\n");
  }

  private void figure(String title, String drawings, String note) {
    figures++;
    out.append("<figure>\n<p class=\"figure-title\">Figure ").append(figures).append(". ");
    out.append(Text.escape(Character.toUpperCase(title.charAt(0)) + title.substring(1)))
        .append("</p>\n");
    out.append(drawings);
    if (!note.isEmpty()) {
      out.append("<p class=\"figure-note\">").append(Text.escape(note)).append("</p>\n");
    }
    out.append("</figure>\n");
  }
}
