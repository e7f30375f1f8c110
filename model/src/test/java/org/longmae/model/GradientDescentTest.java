package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.OptimConfig;

/** {@code optim.kind = sgd} does what its formula says, on every backend. */
class GradientDescentTest {
  private static final MaeSpec SPEC = Models.SMALL;
  private static final float[] PIXELS = Models.images(SPEC, 2, 1);
  private static final int[] SHUFFLES = Models.shuffles(SPEC, 2, 2);

  @ParameterizedTest
  @ValueSource(strings = {"nd4j fp32", "aten fp32", "aten bf16"})
  void weightsMoveAlongTheGradientAndDecay(String backend) {
    double rate = 0.5;
    double decay = 0.1;
    OptimConfig optim =
        new OptimConfig(OptimConfig.Kind.SGD, 1, 0, 0, 0.9, 0.95, 1e-8, decay, 0, 0, 1);
    try (MaeEngine engine = MaeEngine.open(SPEC, optim, MaeEngineTest.backend(backend))) {
      engine.initialize(new SplittableRandom(3));
      float[] before = vector(engine, StateVector.PARAMETERS);
      double[] gradient = engine.gradient(PIXELS, SHUFFLES).gradient();
      engine.step(PIXELS, SHUFFLES, rate, 1);
      float[] after = vector(engine, StateVector.PARAMETERS);
      for (ParameterLayout.Entry entry : engine.layout().entries()) {
        double keep = entry.decayed() ? 1 - rate * decay : 1;
        for (int i = (int) entry.offset(); i < entry.offset() + entry.length(); i++) {
          assertThat((double) after[i])
              .as(entry.name())
              .isCloseTo(before[i] * keep - rate * gradient[i], within(1e-6));
        }
      }
      assertThat(vector(engine, StateVector.FIRST_MOMENT)).containsOnly(0);
    }
  }

  // The copy in the compute type must follow the weights: a step on the old one repeats its loss.
  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16"})
  void theNextStepSeesTheNewWeights(String backend) {
    OptimConfig optim = new OptimConfig(OptimConfig.Kind.SGD, 1, 0, 0, 0.9, 0.95, 1e-8, 0, 0, 0, 1);
    try (MaeEngine engine = MaeEngine.open(SPEC, optim, MaeEngineTest.backend(backend))) {
      engine.initialize(new SplittableRandom(3));
      double first = engine.step(PIXELS, SHUFFLES, 0.1, 1);
      assertThat(engine.step(PIXELS, SHUFFLES, 0.1, 2)).isLessThan(first);
    }
  }

  private static float[] vector(MaeEngine engine, StateVector vector) {
    float[] values = new float[(int) engine.stateLength()];
    engine.read(vector, 0, values);
    return values;
  }
}
