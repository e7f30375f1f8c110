package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizedPositionTableTest {
  private static final int WIDTH = 768;

  private static float[] resized(int from, int to, Cubic cubic) {
    Grid grid = new Grid(from, from);
    return ResizedPositionTable.of(
        PositionTable.of(grid, WIDTH), grid, new Grid(to, to), WIDTH, cubic);
  }

  @ParameterizedTest
  @CsvSource({
    "28, 14, 0, 0, 0.41437676, 0.85981826, 0.41437676, 0.85981826",
    "28, 14, 1, 2, -1.00574757, -0.21688065, 0.61574768, -0.82426948",
    "14, 28, 0, 0, -0.08874889, 1.04848374, -0.08874889, 1.04848374",
    "14, 28, 3, 5, 0.77397839, -0.658859, 0.97259304, 0.29529732",
    "28, 64, 0, 0, -0.09169563, 1.05009355, -0.09169563, 1.05009355",
    "28, 64, 3, 5, 0.95349587, -0.31259418, 0.86216297, 0.50749546",
    "14, 64, 3, 5, 0.60203243, 0.77231326, 0.20164424, 0.92557013",
  })
  void patchesHaveTheKnownValues(
      int from, int to, int row, int col, double sinX, double cosX, double sinY, double cosY) {
    float[] table = resized(from, to, Cubic.PLAIN);
    int start = (1 + row * to + col) * WIDTH;
    double[] expected = {sinX, cosX, sinY, cosY};
    for (int quarter = 0; quarter < 4; quarter++) {
      double actual = table[start + quarter * WIDTH / 4];
      assertThat(actual).isCloseTo(expected[quarter], within(2e-7));
    }
  }

  @ParameterizedTest
  @CsvSource({"28, 14, 64161.149149", "14, 28, 278406.784990", "28, 64, 1340920.578974"})
  void tablesHaveTheKnownSums(int from, int to, double expected) {
    double sum = 0;
    for (float value : resized(from, to, Cubic.PLAIN)) {
      sum += value;
    }
    // A million floats, each rounded by up to 6e-8.
    assertThat(sum).isCloseTo(expected, within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0.50532733, 0.71036051", "1, 2, -0.83611439, -0.18030074"})
  void antialiasedPatchesHaveTheKnownValues(int row, int col, double sinX, double cosX) {
    float[] table = resized(28, 14, Cubic.ANTIALIASED);
    int start = (1 + row * 14 + col) * WIDTH;
    assertThat((double) table[start]).isCloseTo(sinX, within(2e-7));
    assertThat((double) table[start + WIDTH / 4]).isCloseTo(cosX, within(2e-7));
  }

  @Test
  void sidesAreResizedApartAndTheClassTokenStays() {
    Grid from = new Grid(2, 3);
    Grid to = new Grid(4, 3);
    float[] table = PositionTable.of(from, 8);
    table[5] = 7; // a class token whose position was trained
    float[] resized = ResizedPositionTable.of(table, from, to, 8, Cubic.PLAIN);
    assertThat(resized).hasSize(13 * 8);
    assertThat(resized[5]).isEqualTo(7);
    // Columns did not change in number: the first half of the channels is as before.
    for (int row = 0; row < 4; row++) {
      for (int col = 0; col < 3; col++) {
        for (int channel = 0; channel < 4; channel++) {
          assertThat(resized[(1 + row * 3 + col) * 8 + channel])
              .isCloseTo(table[(1 + col) * 8 + channel], within(1e-7f));
        }
      }
    }
    assertThat(ResizedPositionTable.of(table, from, from, 8, Cubic.PLAIN)).isEqualTo(table);
  }

  @Test
  void tableOfAnotherGridIsRefused() {
    assertThatThrownBy(
            () ->
                ResizedPositionTable.of(
                    new float[8], new Grid(2, 2), new Grid(3, 3), 4, Cubic.PLAIN))
        .hasMessageContaining("(1 + 4) · 4 = 20 but was 8");
  }
}
