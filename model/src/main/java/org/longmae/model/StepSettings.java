package org.longmae.model;

import org.longmae.conf.OptimConfig;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TrainConfig.Recompute;

/**
 * How a replica takes its steps: all that a step depends on beside the model's shape and the batch.
 *
 * @param optim the optimiser
 * @param recompute what backward computes once more instead of keeping it
 */
public record StepSettings(OptimConfig optim, Recompute recompute) {
  /** Steps of this optimiser, on whole batches, with everything kept. */
  public static StepSettings of(OptimConfig optim) {
    return new StepSettings(optim, Recompute.NONE);
  }

  /** The steps of a run. */
  public static StepSettings of(RunConfig run) {
    return new StepSettings(run.optim(), run.train().recompute());
  }
}
