package org.longmae.jobs.run;

import java.io.Serializable;
import java.util.List;

/**
 * What one round measured; a line of {@code metrics.jsonl}.
 *
 * @param round from 1
 * @param step optimiser steps done at the round's end
 * @param epoch passes over the training pictures done at the round's end
 * @param samples pictures seen at the round's end
 * @param workers that shared each step's pictures
 * @param losses mean loss of each step of the round
 * @param seconds the round took: one worker's training, or several workers' with their exchange
 * @param trainSeconds of these, that the slowest worker's local steps took
 * @param waitSeconds of these, that the slowest worker spent waiting for pictures
 * @param imagesPerSecond pictures a second of the round
 */
public record RoundMetrics(
    int round,
    long step,
    double epoch,
    long samples,
    int workers,
    List<Float> losses,
    double seconds,
    double trainSeconds,
    double waitSeconds,
    double imagesPerSecond)
    implements Serializable {
  public RoundMetrics {
    losses = List.copyOf(losses);
  }

  /** Mean over the round's steps. */
  public double meanLoss() {
    return losses.stream().mapToDouble(Float::doubleValue).average().orElse(Double.NaN);
  }
}
