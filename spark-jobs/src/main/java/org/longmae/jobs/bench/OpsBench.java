package org.longmae.jobs.bench;

import java.util.List;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.picture.NoisePictures;
import org.longmae.model.CostModel;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.ops.OpTimes;

/**
 * Times each operation of whole training steps, on the same random pictures as {@link StepBench}.
 */
public final class OpsBench {
  private final RunConfig config;
  private final int steps;
  private final int threads;

  /**
   * A measurement.
   *
   * @param steps timed steps, at least 1
   */
  public OpsBench(RunConfig config, int steps, int threads) {
    this.config = config;
    this.steps = steps;
    this.threads = threads;
  }

  /** Measures. */
  public OpsBenchResult run() {
    MaeSpec spec = MaeSpec.of(config);
    int batch = config.train().batch();
    float[] images_BCHW = NoisePictures.of(config, batch * spec.imageValues());
    int[] shuffles_BL = StepBench.masks(config);
    OpTimes times = new OpTimes(System::nanoTime);
    String compute;
    double seconds = 0;
    try (MaeEngine engine = MaeEngine.openTimed(config, threads, times)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      compute = engine.description();
      for (int i = 1; i <= StepBench.WARM_UP + steps; i++) {
        if (i == StepBench.WARM_UP + 1) {
          times.reset();
          seconds = 0;
        }
        long start = System.nanoTime();
        engine.step(images_BCHW, shuffles_BL, config.learningRate(), i);
        seconds += (System.nanoTime() - start) / 1e9;
      }
    }
    double gemm = GemmRate.measure(config.compute(), threads);
    CostModel cost = CostModel.of(spec);
    return OpsBenchResult.of(
        compute,
        spec.patches(),
        cost.parameters(),
        batch,
        steps,
        seconds / steps,
        cost.stepFlops() * batch / (seconds / steps) * 1e-9,
        gemm,
        List.copyOf(times.rows()));
  }
}
