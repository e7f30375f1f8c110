package org.longmae.jobs.train;

import org.longmae.jobs.run.RoundMetrics;

/** Told how training goes; must not fail. */
public interface Progress {
  /** Training starts, or goes on, at {@code doneSteps} of {@code totalSteps}. */
  void start(long totalSteps, long doneSteps);

  /** A round was trained. */
  void round(RoundMetrics metrics, long totalSteps);

  /** Nothing is left to train. */
  void end();
}
