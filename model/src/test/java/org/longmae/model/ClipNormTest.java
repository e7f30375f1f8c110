package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.OptimConfig;

class ClipNormTest {
  private static final MaeSpec SPEC = Models.UNEQUAL;
  private static final float[] PIXELS = Models.images(SPEC, 2, 1);
  private static final int[] SHUFFLES = Models.shuffles(SPEC, 2, 2);

  /** After one step, the first moment is (1 − β₁) times the gradient that the step saw. */
  private static double[] gradientSeen(String backend, double clipNorm) {
    OptimConfig optim =
        new OptimConfig(
            OptimConfig.Kind.ADAMW, 1.5e-4, 0, 0, 0.9, 0.95, 1e-8, 0.05, clipNorm, 0, 1);
    try (MaeEngine engine = MaeEngine.open(SPEC, optim, MaeEngineTest.backend(backend))) {
      engine.initialize(new SplittableRandom(1));
      engine.step(PIXELS, SHUFFLES, 1e-3, 1);
      float[] moment = new float[(int) engine.stateLength()];
      engine.read(StateVector.FIRST_MOMENT, 0, moment);
      double[] gradient = new double[moment.length];
      Arrays.setAll(gradient, i -> moment[i] / (1 - 0.9));
      return gradient;
    }
  }

  private static double norm(double[] gradient) {
    return Math.sqrt(Arrays.stream(gradient).map(x -> x * x).sum());
  }

  // Clipping each of the two optimiser calls by its own norm, or each tensor, keeps no direction.
  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "nd4j fp32", "aten bf16"})
  void aLongGradientIsScaledAsAWhole(String backend) {
    double[] free = gradientSeen(backend, 0);
    double limit = norm(free) / 3;
    double[] clipped = gradientSeen(backend, limit);
    assertThat(norm(clipped)).isCloseTo(limit, within(1e-5 * limit));
    for (int i = 0; i < free.length; i++) {
      assertThat(clipped[i]).isCloseTo(free[i] / 3, within(1e-5 * limit));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "nd4j fp32"})
  void aShortGradientIsLeftBitForBit(String backend) {
    double[] free = gradientSeen(backend, 0);
    assertThat(gradientSeen(backend, 1.01 * norm(free))).isEqualTo(free);
  }
}
