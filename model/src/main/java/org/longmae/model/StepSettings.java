package org.longmae.model;

import org.longmae.conf.OptimConfig;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TrainConfig.Recompute;

/**
 * How a replica takes its steps: all that a step depends on beside the model's shape and the batch.
 *
 * @param optim the optimiser
 * @param microBatch images worked on at a time; 0 takes a batch of any size at once
 * @param recompute what backward computes once more instead of keeping it
 */
public record StepSettings(OptimConfig optim, int microBatch, Recompute recompute) {
  /** Steps of this optimiser, on whole batches, with everything kept. */
  public static StepSettings of(OptimConfig optim) {
    return new StepSettings(optim, 0, Recompute.NONE);
  }

  /** The steps of a run. */
  public static StepSettings of(RunConfig run) {
    return new StepSettings(run.optim(), run.train().microBatch(), run.train().recompute());
  }
}
