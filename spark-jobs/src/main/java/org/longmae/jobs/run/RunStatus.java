package org.longmae.jobs.run;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a run stands, from its files alone.
 *
 * @param state {@code finished}, {@code running}, {@code stopped}, or {@code silent} where its
 *     driver has given no sign of life for as long as a lease lasts
 * @param driver who drives it, or did last; empty if nobody has
 * @param round last one that was measured
 * @param step optimiser steps done then
 * @param steps of the whole run
 * @param epoch passes over the training pictures done then
 * @param workers of the last round
 * @param loss mean over the last round; null before the first
 * @param imagesPerSecond of the last round
 * @param secondsLeft at the pace of the last rounds
 * @param committedRound round that a restart goes on from, -1 if there is none
 */
public record RunStatus(
    String state,
    String driver,
    int round,
    long step,
    long steps,
    double epoch,
    int workers,
    Double loss,
    double imagesPerSecond,
    double secondsLeft,
    int committedRound) {
  private static final int PACE_ROUNDS = 10;

  /** Looks at a run. */
  public static RunStatus of(RunDirectory run) throws IOException {
    RunInfo info = run.info();
    List<RoundMetrics> rounds = run.metrics().upTo(Integer.MAX_VALUE);
    int committed = run.states().newestCommitted();
    if (rounds.isEmpty()) {
      String state = state(run, 0, info.steps());
      return new RunStatus(state, run.driver(), 0, 0, info.steps(), 0, 0, null, 0, 0, committed);
    }
    RoundMetrics last = rounds.get(rounds.size() - 1);
    return new RunStatus(
        state(run, last.step(), info.steps()),
        run.driver(),
        last.round(),
        last.step(),
        info.steps(),
        last.epoch(),
        last.workers(),
        last.meanLoss(),
        last.imagesPerSecond(),
        (info.steps() - last.step()) * secondsPerStep(rounds),
        committed);
  }

  /** Looks at a run that may not have started yet. */
  public static Optional<RunStatus> ofStarted(FileSystem fs, Path root) throws IOException {
    boolean started = fs.exists(new Path(root, RunDirectory.INFO));
    return started ? Optional.of(of(RunDirectory.existing(fs, root))) : Optional.empty();
  }

  private static String state(RunDirectory run, long step, long steps) throws IOException {
    if (step == steps && steps > 0) {
      return "finished";
    }
    return run.leaseState();
  }

  private static double secondsPerStep(List<RoundMetrics> rounds) {
    List<RoundMetrics> recent =
        rounds.subList(Math.max(0, rounds.size() - PACE_ROUNDS), rounds.size());
    double seconds = recent.stream().mapToDouble(RoundMetrics::seconds).sum();
    return seconds / recent.stream().mapToInt(round -> round.losses().size()).sum();
  }
}
