package org.longmae.jobs.train;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.longmae.conf.AveragingConfig.Moments;
import org.longmae.conf.Fault.Point;
import org.longmae.data.load.BatchSlice;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.StatePart;
import org.longmae.model.TrainingEngine;
import scala.Tuple2;

/**
 * What an executor runs for one of several workers: take the replica, bring it to the state before
 * the round, train on the worker's slices, hand the state out part by part.
 *
 * <p>A pure function of (state, round, worker): a task that is run again gives the same bits. The
 * state is read from the file system even where the replica is the one that trained the round
 * before, since it holds that worker's result and not the average.
 */
final class WorkerRound implements PairFlatMapFunction<Iterator<WorkerRound.Task>, Long, Parcel> {
  private static final long serialVersionUID = 1L;

  private final RunOnExecutor run;

  WorkerRound(RunOnExecutor run) {
    this.run = run;
  }

  /**
   * A worker's part of a round.
   *
   * @param round from 1
   * @param worker from 0
   * @param workers W
   * @param state before the round
   * @param lastStep steps done after it
   * @param parts of the state that are handed out
   * @param threads cores to compute on
   */
  record Task(
      int round,
      int worker,
      int workers,
      SavedState state,
      long lastStep,
      List<StatePart> parts,
      int threads)
      implements Serializable {}

  /** The worker's report, then its state's parts, each read from the replica when it is written. */
  @Override
  public Iterator<Tuple2<Long, Parcel>> call(Iterator<Task> tasks) throws IOException {
    Task task = tasks.next();
    // Closed by the task's end: the shuffle reads the parts after this method returns.
    Replica.Use use = run.replica(task.threads());
    LocalTrainer trainer = use.trainer();
    Faults.taskAt(run.config(), Point.LOAD, task.round());
    run.restore(trainer, Optional.of(task.state()));
    TrainingEngine engine = trainer.engine();
    BatchSlice slice = BatchSlice.of(task.worker(), task.workers(), run.config().train().batch());
    boolean reset = run.config().averaging().moments() == Moments.RESET;
    long momentsSince = reset ? task.state().manifest().step() : 0;
    TrainedSteps trained;
    try {
      trained =
          trainer.trainUntil(
              task.lastStep(), slice, momentsSince, TaskContext.get()::isInterrupted);
    } catch (DivergedException e) {
      // Not thrown: Spark would train the round again, to the same end.
      String failure = run.saved(e, task.round(), task.worker(), engine);
      return Stream.of(report(task, slice, TrainedSteps.none(), engine, failure)).iterator();
    }
    trainer.forget();
    Faults.taskAt(run.config(), Point.TRAIN, task.round());
    Tuple2<Long, Parcel> first = report(task, slice, run.reported(trained), engine, "");
    Stream<Tuple2<Long, Parcel>> parts =
        task.parts().stream()
            .map(
                part ->
                    new Tuple2<>(
                        PartKey.of(part.index(), task.worker()),
                        new Parcel.Live(use.device(), task.round(), part)));
    return Stream.concat(Stream.of(first), parts).iterator();
  }

  private static Tuple2<Long, Parcel> report(
      Task task, BatchSlice slice, TrainedSteps trained, TrainingEngine engine, String failure) {
    WorkerReport report =
        new WorkerReport(task.worker(), slice.weight(), trained, engine.description(), failure);
    byte[] json = Json.line(report).getBytes(StandardCharsets.UTF_8);
    return new Tuple2<>(PartKey.ofReport(task.worker()), new Parcel.Report(json));
  }
}
