package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.model.layer.NaiveMaskedAutoencoder;

/** Single values of the position table that were worked out apart. */
class PositionTableKnownValuesTest {
  // Frequencies divide by D/4, not D/4 − 1, and by another D at each width.
  @ParameterizedTest
  @CsvSource({
    "28, 1024, 1, 2, 1, 0.9364147",
    "28, 1024, 1, 2, 255, 0.00020733",
    "28, 1024, 1, 2, 257, -0.3508952",
    "28, 1024, 1, 2, 513, 0.8218562",
    "28, 384, 1, 2, 1, 0.9698361",
    "28, 384, 1, 2, 95, 0.00022014",
    "28, 384, 1, 2, 97, -0.2437580",
    "28, 768, 27, 27, 0, 0.956376",
    "28, 768, 27, 27, 1, 0.566811",
    "28, 768, 27, 27, 2, -0.566924",
    "28, 768, 27, 27, 192, -0.292139",
    "28, 768, 27, 27, 576, -0.292139",
    "14, 768, 13, 13, 0, 0.420167",
    "14, 768, 13, 13, 192, 0.907447",
  })
  void channelsHaveTheKnownValues(
      int side, int width, int row, int col, int channel, double expected) {
    Grid grid = new Grid(side, side);
    float[] table = PositionTable.of(grid, width);
    double actual = table[(1 + grid.patch(row, col)) * width + channel];
    assertThat(actual).isCloseTo(expected, within(1e-6));
  }

  @Test
  void classTokenAndFirstPatchAreZerosAndOnes() {
    int width = 768;
    float[] table = PositionTable.of(new Grid(14, 14), width);
    for (int channel = 0; channel < width; channel++) {
      assertThat(table[channel]).isZero();
      assertThat(table[width + channel]).isEqualTo(channel / (width / 4) % 2);
    }
  }

  @Test
  void tableOfAnyGridIsTheNaiveOne() {
    for (Grid grid : new Grid[] {new Grid(3, 5), new Grid(7, 2), new Grid(14, 14)}) {
      double[] expected = NaiveMaskedAutoencoder.positions(grid.rows(), grid.cols(), 24);
      assertThat(RelativeError.of(PositionTable.of(grid, 24), expected)).isLessThan(1e-9);
    }
  }
}
