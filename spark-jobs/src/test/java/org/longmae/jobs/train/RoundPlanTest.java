package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundPlanTest {
  // 3 epochs of 10 steps in rounds of 7: 7, 14, 21, 28, 30.
  private final RoundPlan plan = new RoundPlan(10, 3, 7, 2, 1);

  @Test
  void roundsCoverEveryStepOnce() {
    assertThat(plan.rounds()).isEqualTo(5);
    assertThat(IntStream.rangeClosed(0, 5).mapToLong(plan::stepsAfter))
        .containsExactly(0L, 7L, 14L, 21L, 28L, 30L);
  }

  @Test
  void checkpointsFollowTheEpochsEnd() {
    assertThat(IntStream.rangeClosed(1, 5).filter(plan::isCheckpoint)).containsExactly(2, 3, 5);
  }

  // A checkpoint whose round is no restart point would be written again, by another attempt.
  @Test
  void everyCheckpointIsARestartPoint() {
    assertThat(IntStream.rangeClosed(1, 5).filter(plan::isRestartPoint))
        .containsExactly(2, 3, 4, 5);
  }

  @Test
  void anExactFitHasNoEmptyLastRound() {
    RoundPlan exact = new RoundPlan(10, 2, 5, 1, 50);
    assertThat(exact.rounds()).isEqualTo(4);
    assertThat(exact.stepsAfter(4)).isEqualTo(20);
    assertThat(IntStream.rangeClosed(1, 4).filter(exact::isCheckpoint)).containsExactly(4);
  }
}
