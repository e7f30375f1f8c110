package org.longmae.jobs.plan;

import java.util.OptionalDouble;
import org.longmae.conf.AveragingConfig.Moments;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.model.CostModel;
import org.longmae.model.MaeSpec;
import org.longmae.model.StepCost;

/**
 * What one run will take.
 *
 * <pre>
 *   images       ⌊pictures / B⌋ · B · epochs: full batches only
 *   flops        images · operations an image, of the step that fits
 *   images/s     W · rate / operations an image
 *   exchanged    rounds · 2·W·(parameters and moments); nothing if W = 1
 * </pre>
 *
 * <p>Decoding keeps up with training, and exchange takes no time, in this arithmetic.
 *
 * @param spec the model
 * @param cost of the model as papers count it
 * @param fit the step, as configured or as it would fit
 * @param rate of one worker
 * @param workers W
 * @param flopsPerImage operations that a step does an image
 * @param images that training looks at, over all epochs
 * @param roundBytes exchanged in a round
 * @param rounds of the run
 * @param price of a worker's hour, if it is known
 */
public record PointPlan(
    MaeSpec spec,
    CostModel cost,
    MemoryFit fit,
    Rate rate,
    int workers,
    long flopsPerImage,
    long images,
    long roundBytes,
    long rounds,
    OptionalDouble price) {
  /**
   * The plan of a run.
   *
   * @param set that the run trains on
   * @throws ConfigException if there are fewer than one step takes
   */
  public static PointPlan of(
      RunConfig run, TrainingSet set, MemoryFit fit, Rate rate, PlanSettings settings) {
    MaeSpec spec = MaeSpec.of(run);
    CostModel cost = CostModel.of(spec);
    int workers = settings.workers();
    long pictures = set.pictures();
    long step = run.train().batch();
    if (step > pictures) {
      throw new ConfigException(
          "train.batch",
          String.format(
              "train.batch must be at most the training pictures (%d) but was %d", pictures, step));
    }
    long steps = pictures / step * run.train().epochs();
    long localSteps = run.train().localSteps();
    return new PointPlan(
        spec,
        cost,
        fit,
        rate,
        workers,
        StepCost.of(spec, fit.step()).flops(),
        steps * step,
        cost.exchangedBytes(workers, run.averaging().moments() == Moments.AVERAGED),
        (steps + localSteps - 1) / localSteps,
        settings.price());
  }

  /** Operations of the whole run. */
  public double flops() {
    return (double) flopsPerImage * images;
  }

  /** Bytes exchanged in the whole run. */
  public double exchangedBytes() {
    return (double) roundBytes * rounds;
  }

  /** Of all workers. */
  public double imagesPerSecond() {
    return workers * rate.gflops() * 1e9 / flopsPerImage;
  }

  /** Of the whole run. */
  public double hours() {
    return images / imagesPerSecond() / 3600;
  }

  /** Hours of all workers together. */
  public double workerHours() {
    return workers * hours();
  }

  /** Price of all workers' hours. */
  public OptionalDouble money() {
    return price.isPresent()
        ? OptionalDouble.of(price.getAsDouble() * workerHours())
        : OptionalDouble.empty();
  }
}
