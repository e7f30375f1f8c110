package org.longmae.jobs.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TransformerConfig;
import org.longmae.jobs.bench.GemmRate;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.HostMemory;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.MemoryModel;
import org.longmae.model.StepCost;
import org.longmae.model.StepShape;

/**
 * Measures how fast this machine trains: whole steps of the model itself, on a batch small enough
 * to take some seconds; or, of a model that does not fit here, the rate of one matrix product, of
 * which steps reach a known share.
 *
 * <p>Points of one encoder and decoder share the first one's measurement where sequences are long:
 * from L = 196 to L = 4096 the rate fell by less than a fifth. Shorter ones have one a length: what
 * a step costs beside its arithmetic weighs more, the shorter it is.
 */
public final class Calibration {
  /** Share of a matrix product's rate in whole steps: {@code bench step}, docs/benchmarks.md. */
  static final double SHARE = 0.7;

  /** From here on lengths share a rate. */
  private static final int LONG = 196;

  private static final double STEP_SECONDS = 2;
  private static final int STEPS = 3;

  private record Family(
      TransformerConfig encoder, TransformerConfig decoder, ComputeConfig compute, int length) {}

  private final Consumer<String> progress;
  private final Map<Family, Rate> rates = new HashMap<>();
  private final Map<ComputeConfig, Double> products = new HashMap<>();

  /**
   * Measures nothing yet.
   *
   * @param progress told what is being measured
   */
  public Calibration(Consumer<String> progress) {
    this.progress = progress;
  }

  /** The rate of a worker that is a machine like this one. */
  public Rate of(RunConfig run) {
    int length = Math.min(run.sequenceLength(), LONG);
    Family family = new Family(run.model().encoder(), run.model().decoder(), run.compute(), length);
    return rates.computeIfAbsent(family, absent -> measure(run));
  }

  private Rate measure(RunConfig run) {
    progress.accept("measuring the rate of training steps on this machine");
    double product =
        products.computeIfAbsent(
            run.compute(), compute -> GemmRate.measure(compute, Cores.ofMachine(compute)));
    MaeSpec spec = MaeSpec.of(run);
    StepShape configured = StepShape.of(run);
    double seconds = StepCost.of(spec, configured).flops() / (SHARE * product * 1e9);
    int images = (int) Math.max(1, Math.min(configured.part(), STEP_SECONDS / seconds));
    StepShape step = new StepShape(images, 0, configured.recompute());
    if (MemoryModel.of(run, step, HostMemory.ofSteps(spec)).total()
        > Pointer.availablePhysicalBytes()) {
      String source = String.format(Locale.ROOT, "%.2f of a matrix product's rate here", SHARE);
      return new Rate(SHARE * product, source);
    }
    double rate = StepCost.of(spec, step).flops() * images / stepSeconds(run, images) * 1e-9;
    return new Rate(
        rate, String.format("steps of %d images timed here, L = %d", images, spec.patches()));
  }

  /** The faster of the steps behind the first. Weights stay zero: no kernel is faster for that. */
  private static double stepSeconds(RunConfig run, int images) {
    long[] ids = new long[images];
    Arrays.setAll(ids, i -> i);
    int[] shuffles_BL = new BatchMasks(run, Purpose.MASK).of(ids, 0);
    double best = Double.MAX_VALUE;
    try (MaeEngine engine = MaeEngine.open(run, Cores.ofMachine(run.compute()))) {
      float[] images_BCHW = new float[images * engine.spec().imageValues()];
      for (int i = 0; i < STEPS; i++) {
        long start = System.nanoTime();
        engine.step(images_BCHW, shuffles_BL, 0, i + 1);
        double seconds = (System.nanoTime() - start) * 1e-9;
        best = i == 0 ? best : Math.min(best, seconds);
      }
    }
    return best;
  }
}
