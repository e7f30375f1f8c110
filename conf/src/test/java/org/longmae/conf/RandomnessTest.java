package org.longmae.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.longmae.conf.Randomness.Purpose;

class RandomnessTest {
  @Test
  void sameKeySameNumbers() {
    Randomness randomness = new Randomness(5);
    assertThat(randomness.stream(Purpose.MASK, 3, 17).nextLong())
        .isEqualTo(new Randomness(5).stream(Purpose.MASK, 3, 17).nextLong());
  }

  // A weak mix lets (epoch 1, id 2) and (epoch 2, id 1) share a stream.
  @Test
  void everyPartOfTheKeyMatters() {
    Set<Long> seen = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      for (Purpose purpose : Purpose.values()) {
        for (int epoch = 0; epoch < 20; epoch++) {
          for (int id = 0; id < 20; id++) {
            seen.add(new Randomness(seed).stream(purpose, epoch, id).nextLong());
          }
        }
      }
    }
    assertThat(seen).hasSize(5 * Purpose.values().length * 400);
  }

  @Test
  void firstNumbersOfNeighbouringStreamsAreUniform() {
    double sum = 0;
    for (int id = 0; id < 10_000; id++) {
      sum += new Randomness(1).stream(Purpose.AUGMENT, 0, id).nextDouble();
    }
    // The mean of 10,000 uniform numbers has a deviation of 0.0029.
    assertThat(sum / 10_000).isBetween(0.485, 0.515);
  }
}
