package org.longmae.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.longmae.jobs.report.SweepReports.failed;
import static org.longmae.jobs.report.SweepReports.point;
import static org.longmae.jobs.report.SweepReports.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The title of the page must not claim more than the numbers carry. */
class FindingsTest {
  @Test
  void aClearLeadIsNamedWithWhatItBeats() {
    assertThat(
            headline(point("a", 16, 0.7, probe(0.3, 1000)), point("b", 64, 0.6, probe(0.5, 1000))))
        .isEqualTo(
            "In these short runs, the linear probe is highest at L = 64 with 50.0 %, against 30.0 %"
                + " at L = 16");
  }

  @Test
  void aLeadWithinTheNoiseIsCalledThat() {
    assertThat(
            headline(point("a", 16, 0.7, probe(0.48, 100)), point("b", 64, 0.6, probe(0.5, 100))))
        .endsWith("highest at L = 64 with 50.0 %, but L = 16 is within the noise");
  }

  @Test
  void anAccuracyNearChanceIsNoSuccess() {
    assertThat(
            headline(point("a", 16, 0.7, probe(0.11, 100)), point("b", 64, 0.6, probe(0.12, 100))))
        .contains("no linear probe is clearly better than always answering with the largest class");
  }

  @Test
  void lossesOfDifferentTasksAreNotRankedWithoutSayingSo() {
    assertThat(headline(point("a", 16, 0.7), point("b", 64, 0.6)))
        .endsWith("lowest at L = 64 with 0.600, though each point predicts something else");
  }

  // Each of these changes what is predicted, while the length stays the same.
  @ParameterizedTest
  @CsvSource({
    "imageSize, 32, 40",
    "channels, 3, 1",
    "patchSize, 8, 4",
    "maskUnit, 1, 2",
    "maskRatio, 0.75, 0.5",
    "normalizedTarget, true, false",
    "predictionDownsampling, 1, 2",
  })
  void whateverChangesThePredictionMakesAnotherTask(String setting, String one, String other)
      throws Exception {
    ObjectMapper json = new ObjectMapper();
    PointReport point = point("a", 16, 0.7);
    PointReport same = point("b", 16, 0.6);
    String written = '"' + setting + "\":" + one + ',';
    String text = json.writeValueAsString(same);
    assertThat(text).containsOnlyOnce(written);
    String changed = text.replace(written, '"' + setting + "\":" + other + ',');
    PointReport another = json.readValue(changed, PointReport.class);

    assertThat(new Findings(SweepReports.of(point, same)).sameTask()).isTrue();
    assertThat(new Findings(SweepReports.of(point, another)).sameTask()).isFalse();
  }

  // The best of three seeds against one seed of another setting is no comparison.
  @Test
  void seedsOfASettingCountByTheirMean() {
    PointReport[] points = {
      point("coarse", 16, 0.7, probe(0.52, 10_000)),
      point("fine-seed0", 64, 0.6, probe(0.54, 10_000)),
      point("fine-seed1", 64, 0.6, probe(0.44, 10_000)),
      point("fine-seed2", 64, 0.6, probe(0.46, 10_000))
    };
    assertThat(headline(points))
        .endsWith("highest at L = 16 with 52.0 %, but L = 64 is within the noise");
    assertThat(new Findings(SweepReports.of(points)).sentences())
        .contains("Settings that were run with up to 3 seeds are compared by their means.");
  }

  @Test
  void seedsOfOneSettingAreNotRanked() {
    assertThat(
            headline(
                point("a-seed0", 16, 0.7, probe(0.5, 100)),
                point("a-seed1", 16, 0.7, probe(0.6, 100))))
        .endsWith("the linear probe reads 55.0 %, the mean of its seeds");
  }

  @Test
  void failuresAreNotRanked() {
    assertThat(headline(failed("a", 16, "why"))).isEqualTo("No point of this sweep finished");
    assertThat(headline(failed("a", 16, "why"), point("b", 64, 0.6)))
        .isEqualTo("One point, L = 64: held-out loss 0.600");
  }

  /** Headlines keep some words together with no-break spaces; here they read as spaces. */
  private static String headline(PointReport... points) {
    return new Findings(SweepReports.of(points)).headline().replace('\u00a0', ' ');
  }
}
