package org.longmae.jobs.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.longmae.jobs.run.Durability;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest.Chunk;

/**
 * What an executor runs between rounds of several workers: a state goes through a replica into
 * another form. The initial weights become the state that the first round starts from, a state
 * becomes a checkpoint.
 */
final class WriteState implements Function<WriteState.Task, List<Chunk>> {
  private static final long serialVersionUID = 1L;

  private final RunOnExecutor run;

  WriteState(RunOnExecutor run) {
    this.run = run;
  }

  /**
   * What is to be written.
   *
   * @param state to read; null for the initial weights
   * @param stateFolder where it goes as a state; null if it does not
   * @param durability of the files of that state
   * @param weightsFile where it goes as a checkpoint; null if it does not
   * @param threads cores to compute on
   */
  record Task(
      SavedState state, String stateFolder, Durability durability, String weightsFile, int threads)
      implements Serializable {}

  /** The files of the state that was written. */
  @Override
  public List<Chunk> call(Task task) throws IOException {
    try (Replica.Use use = run.replica(task.threads())) {
      LocalTrainer trainer = use.trainer();
      run.restore(trainer, Optional.ofNullable(task.state()));
      if (task.weightsFile() != null) {
        long step = task.state().manifest().step();
        Checkpoints.write(run, new Path(task.weightsFile()), trainer.engine(), step);
      }
      if (task.stateFolder() == null) {
        return List.of();
      }
      Path folder = new Path(task.stateFolder());
      return StateFiles.write(
          run.fileSystem(folder), folder, trainer.engine(), run.writer(), task.durability());
    }
  }
}
