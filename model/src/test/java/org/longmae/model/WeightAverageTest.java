package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.OptimConfig;

class WeightAverageTest {
  private static final MaeSpec SPEC = Models.SMALL;
  private static final float[] PIXELS = Models.images(SPEC, 2, 1);
  private static final int[] SHUFFLES = Models.shuffles(SPEC, 2, 2);
  private static final double DECAY = 0.75;

  private static MaeEngine engine(String backend, double decay) {
    OptimConfig optim =
        new OptimConfig(OptimConfig.Kind.ADAMW, 1.5e-4, 0, 0, 0.9, 0.95, 1e-8, 0.05, 0, decay, 1);
    MaeEngine engine = MaeEngine.open(SPEC, optim, MaeEngineTest.backend(backend));
    engine.initialize(new SplittableRandom(1));
    return engine;
  }

  private static float[] read(MaeEngine engine, StateVector vector) {
    float[] values = new float[(int) engine.stateLength()];
    engine.read(vector, 0, values);
    return values;
  }

  // An average that starts at zero, or is moved before the step, is wrong by a whole step's share.
  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "nd4j fp32"})
  void theAverageFollowsTheWeights(String backend) {
    try (MaeEngine engine = engine(backend, DECAY)) {
      float[] expected = read(engine, StateVector.PARAMETERS);
      assertThat(read(engine, StateVector.AVERAGE)).isEqualTo(expected);
      for (int step = 1; step <= 3; step++) {
        engine.step(PIXELS, SHUFFLES, 1e-2, step);
        float[] weights = read(engine, StateVector.PARAMETERS);
        for (int i = 0; i < expected.length; i++) {
          expected[i] = (float) (DECAY * expected[i] + (1 - DECAY) * weights[i]);
        }
        assertThat(read(engine, StateVector.AVERAGE)).containsExactly(expected, within(1e-6f));
      }
    }
  }

  @Test
  void theWeightsDoNotKnowOfTheAverage() {
    try (MaeEngine with = engine("aten fp32", DECAY);
        MaeEngine without = engine("aten fp32", 0)) {
      for (int step = 1; step <= 2; step++) {
        with.step(PIXELS, SHUFFLES, 1e-2, step);
        without.step(PIXELS, SHUFFLES, 1e-2, step);
      }
      assertThat(read(with, StateVector.PARAMETERS))
          .isEqualTo(read(without, StateVector.PARAMETERS));
    }
  }

  @Test
  void withoutAnAverageThereIsNoSuchVector() {
    try (MaeEngine engine = engine("aten fp32", 0)) {
      assertThat(engine.vectors()).hasSize(3).doesNotContain(StateVector.AVERAGE);
      assertThatThrownBy(() -> read(engine, StateVector.AVERAGE))
          .hasMessageContaining("no average is kept");
    }
    try (MaeEngine engine = engine("aten fp32", DECAY)) {
      assertThat(engine.vectors())
          .containsExactly(
              StateVector.PARAMETERS,
              StateVector.FIRST_MOMENT,
              StateVector.SECOND_MOMENT,
              StateVector.AVERAGE);
    }
  }
}
