package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ComputeConfig;
import org.longmae.model.ops.OpTimes;

class OpenTimedTest {
  private static final ComputeConfig FP32 =
      new ComputeConfig(
          ComputeConfig.Backend.ATEN, ComputeConfig.Device.CPU, ComputeConfig.Precision.FP32, 1);

  @Test
  void aTimedStepGivesTheSameBits() {
    MaeSpec spec = Models.SMALL;
    OpTimes times = new OpTimes(() -> 0);
    try (MaeEngine plain = MaeEngine.open(spec, StepSettings.of(Models.OPTIM), FP32, 1);
        MaeEngine timed =
            MaeEngine.openTimed(spec, StepSettings.of(Models.OPTIM), FP32, 1, times)) {
      assertThat(timed.description()).isEqualTo(plain.description());
      assertThat(losses(timed)).isEqualTo(losses(plain));
    }
    assertThat(times.rows()).isNotEmpty();
  }

  private static List<Double> losses(MaeEngine engine) {
    float[] images = Models.images(Models.SMALL, 2, 1);
    int[] shuffles = Models.shuffles(Models.SMALL, 2, 2);
    engine.initialize(new SplittableRandom(1));
    return List.of(engine.step(images, shuffles, 1e-3, 1), engine.step(images, shuffles, 1e-3, 2));
  }

  /**
   * Of two images of 16 patches, 4 visible: the encoder's two blocks see 5 tokens each, the
   * decoder's one block 17; behind its attention only the 12 hidden ones go on.
   */
  @Test
  void aStepsMatrixProductsAreThoseOfTheModel() {
    OpTimes times = new OpTimes(() -> 0);
    try (MaeEngine engine =
        MaeEngine.openTimed(Models.SMALL, StepSettings.of(Models.OPTIM), FP32, 1, times)) {
      losses(engine);
    }
    int steps = 2;
    double encoder = 2 * 2 * 10 * 12 * 32 * 32;
    double decoder = 2 * 34 * 4 * 16 * 16 + 2 * 24 * 8 * 16 * 16;
    double ends = 2 * 8 * 48 * 32 + 2 * 10 * 32 * 16 + 2 * 24 * 16 * 48;
    assertThat(flops(times, "linear")).isEqualTo(steps * (encoder + decoder + ends));
    assertThat(flops(times, "linearWeightGradient")).isEqualTo(flops(times, "linear"));
    // Pixels need no gradient.
    assertThat(flops(times, "linearInputGradient"))
        .isEqualTo(flops(times, "linear") - steps * 2 * 8 * 48 * 32);
    double attention = 2 * 4 * 2 * 5 * 5 * 32 + 4 * 2 * 17 * 17 * 16;
    assertThat(flops(times, "attention")).isEqualTo(steps * attention);
    assertThat(flops(times, "attentionBackward")).isEqualTo(2 * steps * attention);
  }

  private static double flops(OpTimes times, String name) {
    return times.rows().stream()
        .filter(row -> row.name().equals(name))
        .mapToDouble(OpTimes.Row::flops)
        .sum();
  }
}
