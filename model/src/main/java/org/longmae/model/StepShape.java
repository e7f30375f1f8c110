package org.longmae.model;

import org.longmae.conf.RunConfig;
import org.longmae.conf.TrainConfig.Recompute;

/**
 * How much of a batch a worker's step works on at a time, and what it keeps: what memory and
 * arithmetic depend on beside the model.
 *
 * @param batch B, images of a worker's step
 * @param microBatch images worked on at a time; 0 takes the whole batch at once
 * @param recompute what backward computes once more
 */
public record StepShape(int batch, int microBatch, Recompute recompute) {
  /** The steps of a run's workers. */
  public static StepShape of(RunConfig run) {
    return new StepShape(
        run.train().workerBatch(), run.train().microBatch(), run.train().recompute());
  }

  /** Images worked on at a time; the last part of a batch may be smaller. */
  public int part() {
    return isSplit() ? microBatch : batch;
  }

  /** Images of the last part. */
  int lastPart() {
    return batch % part() == 0 ? part() : batch % part();
  }

  boolean isSplit() {
    return microBatch > 0 && microBatch < batch;
  }

  /** The same step with something else kept. */
  public StepShape with(Recompute other) {
    return new StepShape(batch, microBatch, other);
  }

  /** The same batch in parts. */
  public StepShape inPartsOf(int images) {
    return new StepShape(batch, images, recompute);
  }
}
