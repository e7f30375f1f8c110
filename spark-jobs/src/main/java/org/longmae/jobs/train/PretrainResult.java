package org.longmae.jobs.train;

import java.util.List;
import org.longmae.jobs.run.RoundMetrics;

/**
 * A finished run.
 *
 * @param run URI of the run directory
 * @param continuedFromStep step of the state it was taken up at; 0 for a run started afresh
 * @param steps optimiser steps in all
 * @param parameters trainable parameters
 * @param compute backend, device and precision of the last round; empty if nothing was left to
 *     train
 * @param rounds what each round measured, over all attempts; less those whose metrics were lost
 */
public record PretrainResult(
    String run,
    long continuedFromStep,
    long steps,
    long parameters,
    String compute,
    List<RoundMetrics> rounds) {
  public PretrainResult {
    rounds = List.copyOf(rounds);
  }

  /** Seconds of training, over all attempts. */
  public double seconds() {
    return rounds.stream().mapToDouble(RoundMetrics::seconds).sum();
  }

  /** Pictures seen. */
  public long samples() {
    return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).samples();
  }

  /** Pictures a second: the median over the rounds, so that warming up does not count. */
  public double imagesPerSecond() {
    double[] rates = rounds.stream().mapToDouble(RoundMetrics::imagesPerSecond).sorted().toArray();
    return rates.length == 0 ? 0 : rates[rates.length / 2];
  }

  /** Mean loss of the last round. */
  public double finalLoss() {
    return rounds.isEmpty() ? Double.NaN : rounds.get(rounds.size() - 1).meanLoss();
  }
}
