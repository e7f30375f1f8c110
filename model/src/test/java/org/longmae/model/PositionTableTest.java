package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PositionTableTest {
  @Test
  void tinyTableIsTheKnownOne() {
    float s = 0.84147098f;
    float t = 0.00999983f;
    float c = 0.54030231f;
    float d = 0.99995f;
    float[] expected = {
      0, 0, 0, 0, 0, 0, 0, 0, //
      0, 0, 1, 1, 0, 0, 1, 1, //
      s, t, c, d, 0, 0, 1, 1, //
      0, 0, 1, 1, s, t, c, d, //
      s, t, c, d, s, t, c, d
    };
    assertThat(PositionTable.of(new Grid(2, 2), 8)).containsExactly(expected, within(1e-7f));
  }

  @Test
  void columnComesBeforeRow() {
    float[] table = PositionTable.of(new Grid(14, 14), 768);
    int row = (1 + 14 + 2) * 768; // patch in row 1, column 2
    int[] channels = {0, 1, 191, 192, 193, 384, 385, 576, 577, 767};
    double[] values = {
      0.9092974,
      0.9442368,
      0.00020983,
      -0.4161468,
      -0.3292672,
      0.8414710,
      0.8152506,
      0.5403023,
      0.5791082,
      1.0
    };
    for (int i = 0; i < channels.length; i++) {
      assertThat((double) table[row + channels[i]]).isCloseTo(values[i], within(1e-7));
    }
  }

  @Test
  void sumsAreTheKnownOnes() {
    assertSums(14, 768, 69_594.4938);
    assertSums(28, 768, 256_644.5966);
    assertSums(28, 1024, 342_427.8871);
    assertSums(28, 384, 127_969.3533);
    assertSums(14, 512, 46_340.3331);
    assertSums(16, 1280, 149_578.4058);
  }

  private static void assertSums(int side, int width, double expected) {
    double sum = 0;
    double squares = 0;
    for (float value : PositionTable.of(new Grid(side, side), width)) {
      sum += value;
      squares += (double) value * value;
    }
    assertThat(sum).isCloseTo(expected, within(1e-3));
    assertThat(squares).isCloseTo(side * side * width / 2.0, within(1e-2));
  }

  @Test
  void gridsNeedNotBeSquare() {
    float[] wide = PositionTable.of(new Grid(2, 3), 4);
    assertThat(wide).hasSize(7 * 4);
    // Last patch: row 1, column 2.
    assertThat(wide[6 * 4]).isCloseTo((float) Math.sin(2), within(1e-7f));
    assertThat(wide[6 * 4 + 2]).isCloseTo((float) Math.sin(1), within(1e-7f));
  }
}
