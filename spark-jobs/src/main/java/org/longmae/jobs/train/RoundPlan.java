package org.longmae.jobs.train;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.longmae.conf.RunConfig;
import org.longmae.model.LearningRateSchedule;

/**
 * How a run's steps are cut into rounds, and which rounds leave something behind. A function of the
 * configuration and the number of pictures; the number of workers has no part in it.
 */
final class RoundPlan {
  private final RunConfig config;
  private final LearningRateSchedule schedule;
  private final int stepsPerEpoch;

  /** Steps that are done after each round; at 0, none. */
  private final long[] ends;

  private RoundPlan(RunConfig config, int stepsPerEpoch) {
    this.config = config;
    this.schedule = LearningRateSchedule.of(config);
    this.stepsPerEpoch = stepsPerEpoch;
    long total = totalSteps();
    LocalSteps steps = new LocalSteps(config, schedule, stepsPerEpoch);
    ends =
        LongStream.iterate(
                0, done -> done <= total, done -> done == total ? total + 1 : next(steps, done))
            .toArray();
  }

  private long next(LocalSteps steps, long done) {
    return done + Math.min(steps.after(done), totalSteps() - done);
  }

  /**
   * The plan of a run.
   *
   * @param stepsPerEpoch full batches in an epoch
   */
  static RoundPlan of(RunConfig config, int stepsPerEpoch) {
    return new RoundPlan(config, stepsPerEpoch);
  }

  /** Steps of the whole run. */
  long totalSteps() {
    return (long) stepsPerEpoch * config.train().epochs();
  }

  /** Rounds of the run. */
  int rounds() {
    return ends.length - 1;
  }

  /** Steps that are done after {@code round} rounds. */
  long stepsAfter(int round) {
    return ends[round];
  }

  /** Passes over the data that are done after {@code round} rounds. */
  double epochsAfter(int round) {
    return (double) stepsAfter(round) / stepsPerEpoch;
  }

  /** Learning rate of the step that follows {@code done} steps. */
  double rate(long done) {
    return schedule.rate((double) done / stepsPerEpoch);
  }

  /** Mean learning rate of a round's steps. */
  double meanRate(int round) {
    return LongStream.range(stepsAfter(round - 1), stepsAfter(round))
        .mapToDouble(this::rate)
        .average()
        .orElseThrow();
  }

  /** Whether one worker commits its state after the round; the last one always is. */
  boolean isRestartPoint(int round) {
    return round % config.checkpoint().stateRounds() == 0
        || round == rounds()
        || isCheckpoint(round);
  }

  /** Whether a checkpoint's epoch ends in the round; the last one's always does. */
  boolean isCheckpoint(int round) {
    int epochs = config.checkpoint().epochs();
    int before = (int) epochsAfter(round - 1) / epochs;
    return round == rounds() || (int) epochsAfter(round) / epochs > before;
  }

  @Override
  public String toString() {
    return Arrays.toString(ends);
  }
}
