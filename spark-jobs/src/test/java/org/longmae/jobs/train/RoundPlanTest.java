package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigLoader;

class RoundPlanTest {
  // 3 epochs of 10 steps in rounds of 7: 7, 14, 21, 28, 30.
  private final RoundPlan plan =
      plan("train { epochs = 3, local-steps = 7 }, checkpoint { state-rounds = 2, epochs = 1 }");

  private static RoundPlan plan(String settings) {
    ConfigLoader loader = new ConfigLoader().text("optim.warmup-epochs = 1", "test");
    return RoundPlan.of(loader.text(settings, "test").run(), 10);
  }

  private static List<Long> ends(RoundPlan plan) {
    return LongStream.rangeClosed(0, plan.rounds())
        .mapToObj(round -> plan.stepsAfter((int) round))
        .toList();
  }

  @Test
  void roundsCoverEveryStepOnce() {
    assertThat(ends(plan)).containsExactly(0L, 7L, 14L, 21L, 28L, 30L);
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
    RoundPlan exact = plan("train { epochs = 2, local-steps = 5 }");
    assertThat(ends(exact)).containsExactly(0L, 5L, 10L, 15L, 20L);
    assertThat(IntStream.rangeClosed(1, 4).filter(exact::isCheckpoint)).containsExactly(4);
  }

  @Test
  void roundsAreShortWhileTheRateWarmsUp() {
    RoundPlan warm =
        plan(
            "train { epochs = 3, local-steps = 8 }, averaging { growth = warmup, warmup-steps = 4 }");
    assertThat(ends(warm)).containsExactly(0L, 4L, 8L, 12L, 20L, 28L, 30L);
  }

  // Rate 1 for the peak: α = 2 gives 4 steps in warm-up and at the peak, then more as the cosine
  // falls; at its end, where the rate is next to nothing, all that is left.
  @Test
  void roundsGrowAsTheRateFalls() {
    RoundPlan growing =
        plan(
            "train { epochs = 11, local-steps = 3, batch = 256 }, optim.base-rate = 1,"
                + " averaging { growth = quadratic, quadratic-rate = 2 }");
    List<Long> ends = ends(growing);
    List<Long> lengths =
        IntStream.range(1, ends.size()).mapToObj(i -> ends.get(i) - ends.get(i - 1)).toList();
    assertThat(lengths.subList(0, 3)).containsOnly(4L);
    for (int i = 1; i < lengths.size() - 1; i++) {
      assertThat(lengths.get(i)).isGreaterThanOrEqualTo(lengths.get(i - 1));
    }
    // Half way down the cosine the rate is a half, and (2 / ½)² = 16.
    assertThat(lengths).anyMatch(length -> length >= 14 && length <= 18);
    assertThat(ends.get(ends.size() - 1)).isEqualTo(110);
  }

  @Test
  void theMeanRateIsThatOfTheRoundsSteps() {
    RoundPlan warm =
        plan("train { epochs = 2, local-steps = 4, batch = 256 }, optim.base-rate = 1");
    assertThat(warm.meanRate(1)).isCloseTo((0 + 0.1 + 0.2 + 0.3) / 4, within(1e-12));
  }
}
