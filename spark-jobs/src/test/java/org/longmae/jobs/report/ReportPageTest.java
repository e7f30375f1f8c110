package org.longmae.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.report.SweepReports.failed;
import static org.longmae.jobs.report.SweepReports.point;
import static org.longmae.jobs.report.SweepReports.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ImageSize;

class ReportPageTest {
  private static final String HOSTILE = "<script>alert('1')</script>\"&";

  @Test
  void escapesNames() {
    PointReport fine = point(HOSTILE, 16, 0.7, new Score(HOSTILE, 0.5, 0.1, 0.2, 0.15, 0.9, 10));
    PointReport broken = failed(HOSTILE + "2", 16, HOSTILE);
    SweepReport report =
        new SweepReport(
            HOSTILE,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            1,
            1,
            1,
            List.of(fine, broken),
            List.of(HOSTILE),
            HOSTILE);

    String page = ReportPage.html(report, Map.of(HOSTILE, new byte[] {1, 2, 3}));

    assertThat(page).doesNotContain("<script").doesNotContain("alert('").contains("&lt;script&gt;");
  }

  // A name of a folder may hold what ends an attribute, or leads elsewhere.
  @Test
  void runsBesideThePageAreLinked() {
    String page = ReportPage.html(SweepReports.of(SweepReports.at("a", "/s/points/a")), Map.of());
    assertThat(page).contains("<a href=\"points/a/\"><code>/s/points/a</code></a>");

    page =
        ReportPage.html(
            SweepReports.of(SweepReports.at("../" + HOSTILE, "/s/points/../" + HOSTILE)), Map.of());
    assertThat(page).contains("href=\"points/..%2F%3Cscript%3E").doesNotContain("<script");
  }

  // Over pictures alone a long sequence looks as cheap as a short one.
  @Test
  void learningIsDrawnOverPicturesAndOverArithmetic() {
    String page = ReportPage.html(threePoints(), Map.of());
    assertThat(page)
        .contains("training pictures seen</text>")
        .contains("TFLOPs of training</text>");
  }

  @Test
  void seedsAreToldOfTogether() {
    String page =
        ReportPage.html(
            SweepReports.of(
                point("a-seed0", 16, 0.7, probe(0.5, 1000)),
                point("a-seed1", 16, 0.6, probe(0.54, 1000)),
                point("b", 64, 0.5, probe(0.6, 1000))),
            Map.of());
    assertThat(page)
        .contains(
            "<span class=\"point\">a</span></th><td>2</td><td>52.0 ± 2.8</td><td>50.0 to 54.0</td>"
                + "<td>20.0</td><td>0.6500 ± 0.0707</td><td>0.6000 to 0.7000</td></tr>")
        .contains("what the seeds&#39; table does not name is one run");
    assertThat(ReportPage.html(threePoints(), Map.of()))
        .doesNotContain("<h2>Seeds")
        .contains("each point is one run with one seed");
  }

  // Fine-tuning is compared with training from scratch, and has no pixels beside it.
  @Test
  void fineTuningNamesWhatItIsComparedWith() {
    Score tuned = new Score("fine-tuning", 0.8, 0.1, 0.6, null, 0.9, 1000, Score.FROM_SCRATCH);
    String page =
        ReportPage.html(
            SweepReports.of(
                point("a", 16, 0.7, probe(0.5, 1000), tuned),
                point("b", 64, 0.6, probe(0.6, 1000), tuned)),
            Map.of());
    assertThat(page)
        .contains("<th scope=\"col\">from scratch")
        .contains("Hollow marks: the same trained from random weights")
        .contains("from scratch 60.0");
  }

  @Test
  void pageHasNoNetworkReferences() {
    String page = ReportPage.html(threePoints(), Map.of("b", new byte[] {1}));

    assertThat(page).doesNotContain("http:").doesNotContain("https:").doesNotContain("@import");
    assertThat(page).contains("default-src 'none'");
    assertThat(Pattern.compile("(?:src|href)=\"(?!data:)").matcher(page).find()).isFalse();
  }

  @Test
  void everyPointIsInTheTable() {
    PointReport[] points =
        IntStream.range(0, 40)
            .mapToObj(i -> point("point-" + i, 4 + i, 0.5))
            .toArray(PointReport[]::new);

    String page = ReportPage.html(SweepReports.of(points), Map.of());

    String table = page.substring(page.indexOf("<table>"), page.indexOf("</table>"));
    for (PointReport point : points) {
      assertThat(table).contains(">" + point.name() + "<").contains("runs/" + point.name());
    }
  }

  /** All rows must be as wide as the head, also where cells are joined for a failure. */
  @Test
  void rowsOfTheTableAreEquallyWide() {
    String page =
        ReportPage.html(
            SweepReports.of(point("a", 16, 0.7, probe(0.5, 10)), failed("b", 64, "why")), Map.of());
    String table = page.substring(page.indexOf("<table>"), page.indexOf("</tbody>"));

    List<Integer> widths =
        Pattern.compile("<tr[^>]*>(.*?)</tr>", Pattern.DOTALL)
            .matcher(table)
            .results()
            .map(row -> cells(row.group(1)))
            .toList();

    assertThat(widths).hasSize(4).containsOnly(widths.get(0));
  }

  @Test
  void failedPointIsShown() {
    SweepReport report =
        SweepReports.of(point("a", 16, 0.7), failed("b", 64, "needs 23 GiB but there are 16"));

    String page = ReportPage.html(report, Map.of());

    assertThat(page)
        .contains("Failed: needs 23 GiB but there are 16")
        .contains("1 of 2 points failed");
  }

  @Test
  void onePointStillDraws() {
    String page = ReportPage.html(SweepReports.of(point("a", 16, 0.7, probe(0.5, 10))), Map.of());

    assertThat(page).contains("class=\"dot k0\"").contains("class=\"curve k0\"");
    assertThat(page).doesNotContain("NaN").doesNotContain("Infinity");
  }

  /** A sweep that broke off early must still get its page, for that is when it is read. */
  @Test
  void missingAndEqualValuesStillDraw() {
    PointReport diverged = point("d", 100, Double.NaN);
    List<SweepReport> reports =
        List.of(
            SweepReports.of(),
            SweepReports.of(failed("a", 16, "why")),
            SweepReports.of(diverged),
            SweepReports.of(point("a", 16, 0), point("b", 16, 0), diverged),
            SweepReports.of(
                point("a", 16, 0.7, probe(0.1, 1)), point("b", 64, 0.7, probe(0.1, 1))));

    for (SweepReport report : reports) {
      assertThat(ReportPage.html(report, Map.of()))
          .endsWith("</html>\n")
          .doesNotContain("NaN")
          .doesNotContain("Infinity");
    }
  }

  /** Jackson writes the records as they stand; nothing derived may slip into the file. */
  @Test
  void reportSurvivesJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    SweepReport report = threePoints();

    String text = json.writeValueAsString(report);

    assertThat(json.readValue(text, SweepReport.class)).isEqualTo(report);
  }

  /** Reports of before have one number; a square's stays one, for whoever reads them. */
  @Test
  void imageSizesAreNumbersOrPairsInJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    String square = json.writeValueAsString(point("a", 16, 0.7));
    assertThat(square).contains("\"imageSize\":32,");
    String wide = square.replace("\"imageSize\":32,", "\"imageSize\":[32,64],");

    PointReport point = json.readValue(wide, PointReport.class);

    assertThat(point.imageSize()).isEqualTo(new ImageSize(32, 64));
    assertThat(json.writeValueAsString(point)).isEqualTo(wide);
    String page = ReportPage.html(SweepReports.of(point), Map.of("a", new byte[] {1}));
    assertThat(page).contains("<td>32x64</td>").contains("32x64 px pictures, 8 px patches");
  }

  @Test
  void twoPointsOfOneNameAreRefused() {
    assertThatThrownBy(() -> SweepReports.of(point("a", 16, 0.7), point("a", 64, 0.7)))
        .hasMessage("Names of points must differ but there are two \"a\"");
  }

  private static SweepReport threePoints() {
    return SweepReports.of(
        point("c", 256, 0.5, probe(0.6, 500)),
        point("a", 16, 0.7, probe(0.4, 500)),
        point("b", 64, 0.6, probe(0.5, 500)));
  }

  private static int cells(String row) {
    return Pattern.compile("<t[hd]\\b([^>]*)>")
        .matcher(row)
        .results()
        .mapToInt(cell -> span(cell.group(1)))
        .sum();
  }

  private static int span(String attributes) {
    return Pattern.compile("colspan=\"(\\d+)\"")
        .matcher(attributes)
        .results()
        .mapToInt(match -> Integer.parseInt(match.group(1)))
        .findFirst()
        .orElse(1);
  }
}
