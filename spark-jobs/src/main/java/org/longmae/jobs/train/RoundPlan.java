package org.longmae.jobs.train;

import org.longmae.conf.RunConfig;

/**
 * How a run's steps are cut into rounds, and which rounds leave something behind.
 *
 * @param stepsPerEpoch full batches in an epoch
 * @param epochs of the run
 * @param localSteps steps of a round; the last round may be shorter
 * @param stateRounds rounds between two restart points
 * @param checkpointEpochs epochs between two checkpoints
 */
record RoundPlan(
    int stepsPerEpoch, int epochs, int localSteps, int stateRounds, int checkpointEpochs) {
  static RoundPlan of(RunConfig config, int stepsPerEpoch) {
    return new RoundPlan(
        stepsPerEpoch,
        config.train().epochs(),
        config.train().localSteps(),
        config.checkpoint().stateRounds(),
        config.checkpoint().epochs());
  }

  /** Steps of the whole run. */
  long totalSteps() {
    return (long) stepsPerEpoch * epochs;
  }

  /** Rounds of the run. */
  int rounds() {
    return Math.toIntExact((totalSteps() + localSteps - 1) / localSteps);
  }

  /** Steps that are done after {@code round} rounds. */
  long stepsAfter(int round) {
    return Math.min(totalSteps(), (long) round * localSteps);
  }

  /** Passes over the data that are done after {@code round} rounds. */
  double epochsAfter(int round) {
    return (double) stepsAfter(round) / stepsPerEpoch;
  }

  /** Whether the state after the round is committed; the last one always is. */
  boolean isRestartPoint(int round) {
    return round % stateRounds == 0 || round == rounds() || isCheckpoint(round);
  }

  /** Whether a checkpoint's epoch ends in the round; the last one's always does. */
  boolean isCheckpoint(int round) {
    int before = (int) epochsAfter(round - 1) / checkpointEpochs;
    return round == rounds() || (int) epochsAfter(round) / checkpointEpochs > before;
  }
}
