package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;

/**
 * How training is cut into steps and rounds.
 *
 * @param workers W, workers whose parameters are averaged; this release trains with 1
 * @param localSteps K, optimiser steps of a worker in one round
 * @param batch images a worker's step
 * @param microBatch images worked on at a time, at most {@code batch}: a step adds up the gradients
 *     of as many parts as it takes, for memory; 0 takes the whole batch at once
 * @param epochs passes over the training pictures, at least 1
 * @param recompute what a step computes twice instead of keeping it; the result is the same
 */
public record TrainConfig(
    int workers, int localSteps, int batch, int microBatch, int epochs, Recompute recompute)
    implements Serializable {
  /** What backward computes once more instead of finding it kept by forward. */
  public enum Recompute {
    /** Nothing: the fastest, and the most memory. */
    NONE,
    /** The softmax of every attention. */
    ATTENTION,
    /** Every transformer block: of each, only the input is kept. */
    BLOCK
  }

  public TrainConfig {
    require(workers == 1, "train.workers", "must be 1 in this release but was %s", workers);
    require(localSteps >= 1, "train.local-steps", "must be at least 1 but was %s", localSteps);
    require(batch >= 1, "train.batch", "must be at least 1 but was %s", batch);
    require(
        microBatch >= 0 && microBatch <= batch,
        List.of("train.micro-batch", "train.batch"),
        "must be between 0 (all at once) and train.batch (%s) but was %s",
        batch,
        microBatch);
    require(epochs >= 1, "train.epochs", "must be at least 1 but was %s", epochs);
  }

  /** Images that one step of the whole run looks at. */
  public int effectiveBatch() {
    return batch * workers;
  }
}
