package org.longmae.jobs.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.longmae.conf.Fault.Point;
import org.longmae.data.load.BatchSlice;
import org.longmae.jobs.run.Durability;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest.Chunk;

/**
 * What an executor runs for a round of one worker, which exchanges nothing: find or open the
 * replica, train to the round's end, write the state if the round is a restart point.
 *
 * <p>A pure function of the committed state: a replica that is not where the round starts (a new
 * executor, a retried task) is opened at the last committed state and trains forward from there,
 * which gives the same bits.
 */
final class TrainRound implements Function<TrainRound.Task, RoundResult> {
  private static final long serialVersionUID = 1L;

  private final RunOnExecutor run;

  TrainRound(RunOnExecutor run) {
    this.run = run;
  }

  /**
   * One round.
   *
   * @param round from 1
   * @param firstStep steps done before the round
   * @param lastStep steps done after it
   * @param committed the last committed state, null before the first
   * @param stateFolder where the state after the round goes, null if the round is no restart point
   * @param durability of that state
   * @param weightsFile where the weights after the round go, null if the round makes no checkpoint
   * @param threads cores to compute on
   */
  record Task(
      int round,
      long firstStep,
      long lastStep,
      SavedState committed,
      String stateFolder,
      Durability durability,
      String weightsFile,
      int threads)
      implements Serializable {}

  @Override
  public RoundResult call(Task task) throws IOException {
    try (Replica.Use use = run.replica(task.threads())) {
      LocalTrainer trainer = use.trainer();
      Faults.taskAt(run.config(), Point.LOAD, task.round());
      TrainedSteps trained;
      try {
        trained = train(trainer, task);
      } catch (DivergedException e) {
        // Not thrown: Spark would train the round again, to the same end.
        String failure = run.saved(e, task.round(), 0, trainer.engine());
        return new RoundResult(TrainedSteps.none(), "", List.of(), failure);
      }
      Faults.taskAt(run.config(), Point.TRAIN, task.round());
      if (task.weightsFile() != null) {
        Checkpoints.write(run, new Path(task.weightsFile()), trainer.engine(), task.lastStep());
      }
      List<Chunk> chunks = List.of();
      if (task.stateFolder() != null) {
        Faults.taskAt(run.config(), Point.WRITE, task.round());
        Path folder = new Path(task.stateFolder());
        chunks =
            StateFiles.write(
                run.fileSystem(folder), folder, trainer.engine(), run.writer(), task.durability());
      }
      return new RoundResult(run.reported(trained), trainer.engine().description(), chunks, "");
    }
  }

  private TrainedSteps train(LocalTrainer trainer, Task task) throws IOException {
    TaskContext context = TaskContext.get();
    BatchSlice whole = BatchSlice.of(0, 1, run.config().train().batch());
    if (!trainer.isAt(task.firstStep())) {
      run.restore(trainer, Optional.ofNullable(task.committed()));
    }
    if (!trainer.isAt(task.firstStep())) {
      trainer.trainUntil(task.firstStep(), whole, 0, context::isInterrupted);
    }
    return trainer.trainUntil(task.lastStep(), whole, 0, context::isInterrupted);
  }
}
