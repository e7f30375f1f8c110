package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MaeInferenceTest {
  private static final MaeSpec SPEC = Models.SMALL;
  private static final float[] PIXELS = Models.images(SPEC, 2, 1);
  private static final int[] SHUFFLES = Models.shuffles(SPEC, 2, 2);

  private static MaeInference of(MaeEngine trained, TestBackend backend) {
    MaeInference inference = MaeInference.open(SPEC, backend.open());
    inference.write(0, EngineWeights.all(trained, StateVector.PARAMETERS));
    return inference;
  }

  // Weights that are written must reach the copy in bf16 as well.
  @Test
  void seesWhatTheTrainingEngineSees() {
    for (TestBackend backend : new TestBackend[] {TestBackend.ATEN_BF16, TestBackend.ATEN_FP32}) {
      try (MaeEngine trained = EngineWeights.engine(SPEC, backend);
          MaeInference inference = of(trained, backend)) {
        assertThat(inference.losses(PIXELS, SHUFFLES)).isEqualTo(trained.losses(PIXELS, SHUFFLES));
        trained.step(PIXELS, SHUFFLES, 1e-3, 1);
        inference.write(0, EngineWeights.all(trained, StateVector.PARAMETERS));
        assertThat(inference.predictions(PIXELS, SHUFFLES))
            .isEqualTo(trained.predictions(PIXELS, SHUFFLES));
      }
    }
  }

  @Test
  void startsFromTheWeightsThatTrainingStartsFrom() {
    try (MaeEngine training = MaeEngine.open(SPEC, Models.OPTIM, TestBackend.ATEN_FP32.open());
        MaeInference inference = MaeInference.open(SPEC, TestBackend.ATEN_FP32.open())) {
      training.initialize(new SplittableRandom(1));
      inference.initialize(new SplittableRandom(1));
      assertThat(inference.losses(PIXELS, SHUFFLES)).isEqualTo(training.losses(PIXELS, SHUFFLES));
    }
  }

  @Test
  void refusesWeightsBeyondTheVector() {
    try (MaeInference inference = MaeInference.open(SPEC, TestBackend.ATEN_FP32.open())) {
      long size = inference.layout().size();
      assertThatThrownBy(() -> inference.write(size - 1, new float[2]))
          .hasMessage(
              "range must lie in [0, %s) but was [%s, %s)".formatted(size, size - 1, size + 1));
    }
  }
}
