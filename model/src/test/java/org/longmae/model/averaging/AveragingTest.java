package org.longmae.model.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AveragingTest {
  private static final float[] BEFORE = {1, -2, 0.5f};
  private static final float[] MEAN = {0.9f, -2.2f, 0.5f};

  @Test
  void workersCountForTheImagesTheySaw() {
    List<float[]> vectors = List.of(new float[] {4, 8}, new float[] {8, -8});
    assertThat(WeightedMean.of(new double[] {0.75, 0.25}, vectors)).containsExactly(5, 4);
  }

  // Parameters that no worker moved must not move by rounding: thirds do not add up in float.
  @Test
  void equalVectorsAreTheirOwnMean() {
    float[] x = {0.1f, 1e-20f, 3.3333333f, -7e9f};
    double third = 1 / 3.0;
    assertThat(WeightedMean.of(new double[] {third, third, third}, List.of(x, x, x))).isEqualTo(x);
  }

  // Long vectors are worked on in pieces; the last one is shorter.
  @Test
  void longVectorsHaveTheMeanOfTheirElements() {
    float[] first = new float[20_001];
    float[] second = new float[20_001];
    float[] mean = new float[20_001];
    for (int i = 0; i < mean.length; i++) {
      first[i] = 2 * i;
      second[i] = 6 * i;
      mean[i] = 3 * i;
    }
    assertThat(WeightedMean.of(new double[] {0.75, 0.25}, List.of(first, second))).isEqualTo(mean);
  }

  @Test
  void vectorsOfOtherLengthAreRefused() {
    List<float[]> vectors = List.of(new float[2], new float[3]);
    assertThatThrownBy(() -> WeightedMean.of(new double[] {0.5, 0.5}, vectors))
        .hasMessage("vector must have 2 elements but had 3");
  }

  // Worked by hand: Δ = (0.1, 0.2, 0); a second round with the same Δ.
  @Test
  void dilocoIsNesterovOnTheChange() {
    DiLoCo diloco = new DiLoCo(0.7, 0.9);
    float[] momentum = new float[3];
    float[] first = step(diloco, momentum, 0.01);
    assertThat(momentum[0]).isCloseTo(0.1f, within(1e-6f));
    assertThat(first[0]).isCloseTo(1 - 0.7f * 0.19f, within(1e-6f));
    assertThat(first[2]).isEqualTo(0.5f);
    float[] second = step(diloco, momentum, 0.01);
    assertThat(momentum[1]).isCloseTo(0.38f, within(1e-6f));
    assertThat(second[1]).isCloseTo(-2 - 0.7f * (0.2f + 0.9f * 0.38f), within(1e-6f));
  }

  // The momentum is in units of the rate: a second round at half the rate goes on at half the pace.
  @Test
  void slowMomentumFollowsTheRate() {
    SlowMo slowmo = new SlowMo(1, 0.5);
    float[] momentum = new float[3];
    float[] first = step(slowmo, momentum, 0.01);
    assertThat(first[0]).isCloseTo(0.9f, within(1e-6f));
    assertThat(momentum[0]).isCloseTo(10, within(1e-4f));
    float[] still = BEFORE.clone();
    slowmo.step(BEFORE, still, momentum, 0.005);
    assertThat(still[0]).isCloseTo(1 - 0.5f * 0.05f, within(1e-6f));
  }

  // The first step of a warm-up from zero moves nothing; dividing by its rate would be NaN.
  @Test
  void aRoundAtRateZeroMovesNothing() {
    float[] momentum = {4, 0, 0};
    float[] still = BEFORE.clone();
    new SlowMo(1, 0.5).step(BEFORE, still, momentum, 0);
    assertThat(still).isEqualTo(BEFORE);
    assertThat(momentum[0]).isEqualTo(2);
  }

  @Test
  void withoutMomentumAtRateOneAllAreTheMean() {
    for (Averaging averaging : new Averaging[] {new Mean(), new SlowMo(1, 0), new DiLoCo(1, 0)}) {
      float[] next = step(averaging, new float[3], 0.01);
      for (int i = 0; i < next.length; i++) {
        assertThat(next[i]).as(averaging.toString()).isCloseTo(MEAN[i], within(1e-6f));
      }
    }
  }

  private static float[] step(Averaging averaging, float[] momentum, double rate) {
    float[] next = MEAN.clone();
    averaging.step(BEFORE, next, momentum, rate);
    return next;
  }
}
