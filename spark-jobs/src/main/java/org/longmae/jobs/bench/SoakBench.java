package org.longmae.jobs.bench;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.picture.NoisePictures;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;

/**
 * Trains for many steps on random pictures and watches the memory of the process, without Spark and
 * without a loader: a run of days must not end because each of its steps left something behind.
 */
public final class SoakBench {
  /** Fewer leave no time to warm up in. */
  public static final int LEAST_STEPS = 20;

  private static final int WARM_UP_SHARE = 5;
  private static final int MOST_POINTS = 500;

  private final RunConfig config;
  private final int steps;
  private final int threads;

  /**
   * A measurement.
   *
   * @param steps at least {@link #LEAST_STEPS}
   */
  public SoakBench(RunConfig config, int steps, int threads) {
    this.config = config;
    this.steps = steps;
    this.threads = threads;
  }

  /** Measures. */
  public SoakBenchResult run() {
    MaeSpec spec = MaeSpec.of(config);
    int batch = config.train().batch();
    float[] images_BCHW = NoisePictures.of(config, batch * spec.imageValues());
    BatchMasks masks = new BatchMasks(config, Purpose.MASK);
    long[] ids = new long[batch];
    Arrays.setAll(ids, i -> i);

    double[] seconds = new double[steps];
    double[] bytes = new double[steps];
    int warm = steps / WARM_UP_SHARE;
    long warmObjects = 0;
    long endObjects;
    String compute;
    try (MaeEngine engine = MaeEngine.open(config, threads)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      compute = engine.description();
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        engine.step(images_BCHW, masks.of(ids, step), config.learningRate(), step + 1);
        seconds[step] = (System.nanoTime() - start) * 1e-9;
        bytes[step] = Pointer.physicalBytes();
        if (step == warm) {
          warmObjects = Pointer.totalCount();
        }
      }
      endObjects = Pointer.totalCount();
    }
    return new SoakBenchResult(
        compute,
        spec.patches(),
        batch,
        steps,
        seconds[steps - 1],
        Runtime.getRuntime().maxMemory(),
        (long) bytes[warm],
        (long) bytes[steps - 1],
        60 * slope(tail(seconds, warm), tail(bytes, warm)),
        warmObjects,
        endObjects);
  }

  private static double[] tail(double[] values, int from) {
    return Arrays.copyOfRange(values, from, values.length);
  }

  /**
   * The median of the slopes between all pairs of points (Theil and Sen), of at most {@link
   * #MOST_POINTS} of them. A few megabytes that the JVM takes once, to compile a method, are no
   * growth; a line through all points would say so.
   */
  static double slope(double[] x, double[] y) {
    int stride = (x.length + MOST_POINTS - 1) / MOST_POINTS;
    double[] slopes = new double[MOST_POINTS * MOST_POINTS / 2];
    int count = 0;
    for (int to = stride; to < x.length; to += stride) {
      for (int from = 0; from < to; from += stride) {
        slopes[count++] = (y[to] - y[from]) / (x[to] - x[from]);
      }
    }
    Arrays.sort(slopes, 0, count);
    return (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
  }
}
