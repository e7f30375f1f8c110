package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  @Test
  void ratesAreTheKnownOnes() {
    LearningRateSchedule schedule = new LearningRateSchedule(2.4e-3, 0, 40, 800);
    double[][] known = {
      {0, 0}, {20, 0.0012}, {39.5, 0.00237}, {40, 0.0024}, {420, 0.0012}, {799, 1.025e-8}, {800, 0}
    };
    for (double[] point : known) {
      assertThat(schedule.rate(point[0])).isCloseTo(point[1], within(1e-11));
    }
  }

  @Test
  void withoutWarmupItStartsAtThePeakAndEndsAtTheMinimum() {
    LearningRateSchedule schedule = new LearningRateSchedule(1, 0.1, 0, 2);
    assertThat(schedule.rate(0)).isEqualTo(1);
    assertThat(schedule.rate(1)).isCloseTo(0.55, within(1e-12));
    assertThat(schedule.rate(2)).isEqualTo(0.1);
    assertThat(new LearningRateSchedule(1, 0.1, 2, 2).rate(2)).isEqualTo(0.1);
  }
}
