package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * What of a run is kept, and when.
 *
 * @param stateRounds rounds between two commits of the restart state of one worker; several commit
 *     each round
 * @param keepStates newest restart states that are kept; one more if none of them was forced to the
 *     disk
 * @param syncSeconds seconds between two states that are forced to the disk; 0 for every one
 * @param epochs epochs between two checkpoints; the last epoch always makes one
 * @param leaseSeconds seconds after a driver's last sign of life in which no other takes up its run
 * @param logSamples whether the ids of the pictures of every step are written down
 */
public record CheckpointConfig(
    int stateRounds,
    int keepStates,
    double syncSeconds,
    int epochs,
    int leaseSeconds,
    boolean logSamples)
    implements Serializable {
  public CheckpointConfig {
    require(
        stateRounds >= 1, "checkpoint.state-rounds", "must be at least 1 but was %s", stateRounds);
    require(keepStates >= 1, "checkpoint.keep-states", "must be at least 1 but was %s", keepStates);
    require(
        syncSeconds >= 0, "checkpoint.sync-seconds", "must be at least 0 but was %s", syncSeconds);
    require(epochs >= 1, "checkpoint.epochs", "must be at least 1 but was %s", epochs);
    require(
        leaseSeconds >= 1,
        "checkpoint.lease-seconds",
        "must be at least 1 but was %s",
        leaseSeconds);
  }
}
