package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.ConfigLoader;

class NearestNeighboursTest {
  private static final int WIDTH = 7;
  private static final int K = 5;
  private static final ComputeConfig COMPUTE = new ConfigLoader().run().compute();

  private static float[] rows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] rows = new float[count * WIDTH];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return rows;
  }

  private static double product(float[] one, int row, float[] other, int otherRow) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      sum += (double) one[row * WIDTH + i] * other[otherRow * WIDTH + i];
    }
    return sum;
  }

  // bf16 would lose the order of near ones: the search is in 32 bits whatever the machine has.
  @Test
  void findsWhatSortingAllProductsFinds() {
    float[] queries = rows(11, 1);
    float[] references = rows(203, 2);
    try (NearestNeighbours search = NearestNeighbours.open(COMPUTE, 1)) {
      NearestNeighbours.Found found = search.of(queries, references, WIDTH, K);
      for (int query = 0; query < 11; query++) {
        int q = query;
        int[] expected =
            IntStream.range(0, 203)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> -product(queries, q, references, row)))
                .limit(K)
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(Arrays.copyOfRange(found.row(), q * K, (q + 1) * K)).isEqualTo(expected);
        assertThat((double) found.product()[q * K])
            .isCloseTo(product(queries, q, references, expected[0]), within(1e-5));
      }
    }
  }

  @Test
  void equalOnesComeInTheOrderOfTheirRows() {
    float[] same = new float[4 * WIDTH];
    Arrays.fill(same, 1);
    try (NearestNeighbours search = NearestNeighbours.open(COMPUTE, 1)) {
      assertThat(search.of(same, same, WIDTH, 3).row())
          .containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
    }
  }
}
