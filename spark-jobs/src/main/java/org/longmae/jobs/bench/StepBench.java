package org.longmae.jobs.bench;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.picture.NoisePictures;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.CostModel;
import org.longmae.model.HostMemory;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.MemoryModel;
import org.longmae.model.StepShape;

/** Times whole training steps on random pictures, without Spark and without a loader. */
public final class StepBench {
  static final int WARM_UP = 2;

  private final RunConfig config;
  private final int steps;
  private final int threads;

  /**
   * A measurement.
   *
   * @param steps timed steps, at least 1
   */
  public StepBench(RunConfig config, int steps, int threads) {
    this.config = config;
    this.steps = steps;
    this.threads = threads;
  }

  /** Measures. */
  public StepBenchResult run() {
    MaeSpec spec = MaeSpec.of(config);
    int batch = config.train().batch();
    float[] images_BCHW = NoisePictures.of(config, batch * spec.imageValues());
    int[] shuffles_BL = masks(config);

    double[] seconds = new double[steps];
    long peakBytes = 0;
    String compute;
    try (MaeEngine engine = MaeEngine.open(config, threads)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      compute = engine.description();
      for (int i = -WARM_UP; i < steps; i++) {
        long start = System.nanoTime();
        engine.step(images_BCHW, shuffles_BL, config.learningRate(), i + WARM_UP + 1);
        if (i >= 0) {
          seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
        peakBytes = Math.max(peakBytes, Pointer.physicalBytes());
      }
    }
    Arrays.sort(seconds);
    double median = seconds[steps / 2];
    CostModel cost = CostModel.of(spec);
    return new StepBenchResult(
        compute,
        spec.patches(),
        cost.parameters(),
        batch,
        steps,
        median,
        batch / median,
        cost.stepFlops() * batch / median * 1e-9,
        GemmRate.measure(config.compute(), threads),
        peakBytes,
        MemoryModel.of(config, StepShape.of(config), HostMemory.ofSteps(spec)).total());
  }

  /** Masks of a batch. */
  static int[] masks(RunConfig config) {
    long[] ids = new long[config.train().batch()];
    Arrays.setAll(ids, i -> i);
    return new BatchMasks(config, Purpose.MASK).of(ids, 0);
  }
}
