package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;

/**
 * How training is cut into steps and rounds.
 *
 * <p>The batch is that of all workers together, so the number of workers is no part of the recipe:
 * rates, steps and the pictures of each step are the same for any W, and W may change at a restart.
 *
 * @param workers W, logical workers whose parameters are averaged, at most {@code batch}; 0 follows
 *     the cluster, a worker an executor. Fewer executors run them in turn
 * @param localSteps K, optimiser steps of a worker in one round; {@link AveragingConfig.Growth} may
 *     ask for others in some rounds
 * @param batch images of one step of all workers together; each takes its share of them
 * @param microBatch images worked on at a time, at most {@code batch}: a step adds up the gradients
 *     of as many parts as it takes, for memory; 0 takes a worker's share at once
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
    require(localSteps >= 1, "train.local-steps", "must be at least 1 but was %s", localSteps);
    require(batch >= 1, "train.batch", "must be at least 1 but was %s", batch);
    require(
        workers >= 0 && workers <= batch,
        List.of("train.workers", "train.batch"),
        "must be between 0 (follow the cluster) and train.batch (%s) but was %s",
        batch,
        workers);
    require(
        microBatch >= 0 && microBatch <= batch,
        List.of("train.micro-batch", "train.batch"),
        "must be between 0 (all at once) and train.batch (%s) but was %s",
        batch,
        microBatch);
    require(epochs >= 1, "train.epochs", "must be at least 1 but was %s", epochs);
  }

  /** Most images of a worker's share of a step; of a cluster not yet known, the whole step. */
  public int workerBatch() {
    int shares = Math.max(1, workers);
    return (batch + shares - 1) / shares;
  }

  /** The same for other epochs. */
  TrainConfig withEpochs(int others) {
    return new TrainConfig(workers, localSteps, batch, microBatch, others, recompute);
  }

  /** The same service with batch and epochs of fine-tuning; memory is bounded as before. */
  TrainConfig finetuning(FinetuneConfig recipe) {
    return new TrainConfig(
        Math.min(workers, recipe.batch()),
        localSteps,
        recipe.batch(),
        Math.min(microBatch, recipe.batch()),
        recipe.epochs(),
        recompute);
  }
}
