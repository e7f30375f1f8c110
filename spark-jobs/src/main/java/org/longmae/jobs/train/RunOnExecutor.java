package org.longmae.jobs.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.AveragingConfig.Moments;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.TaskGpu;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

/**
 * What tasks of one driver's attempt at a run share: where things lie, and the way to a replica.
 */
final class RunOnExecutor implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunConfig config;
  private final ShardManifest manifest;
  private final String shards;
  private final String run;
  private final String attempt;

  /**
   * A run.
   *
   * @param shards URI of the shard set's folder
   * @param run URI of the run's folder
   * @param attempt names the driver's attempt, in letters and digits
   */
  RunOnExecutor(
      Broadcast<SerializableConfiguration> hadoop,
      RunConfig config,
      ShardManifest manifest,
      String shards,
      String run,
      String attempt) {
    this.hadoop = hadoop;
    this.config = config;
    this.manifest = manifest;
    this.shards = shards;
    this.run = run;
    this.attempt = attempt;
  }

  RunConfig config() {
    return config;
  }

  /** Digest of the pictures that are trained on. */
  String shardDigest() {
    return manifest.digest();
  }

  FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(hadoop.value().value());
  }

  /** The name that files of this attempt at this task end in. */
  String writer() {
    TaskContext task = TaskContext.get();
    return attempt + "-" + task.taskAttemptId();
  }

  /**
   * The replica of this task's device, for this task alone until it ends or closes it.
   *
   * @param threads cores to compute on
   */
  Replica.Use replica(int threads) throws IOException {
    int device = TaskGpu.index(TaskContext.get());
    return Replica.take(
        device,
        run + "#" + attempt,
        () -> {
          Path folder = new Path(shards);
          return LocalTrainer.open(fileSystem(folder), folder, manifest, config, threads, device);
        });
  }

  /** Brings a trainer to a committed state, or to the initial weights. */
  void restore(LocalTrainer trainer, Optional<SavedState> state) throws IOException {
    if (state.isPresent()) {
      Path folder = new Path(state.get().folder());
      trainer.restore(fileSystem(folder), folder, state.get().manifest(), mayBeAbsent());
      return;
    }
    Path imported = RunDirectory.initialWeights(new Path(run));
    if (fileSystem(imported).exists(imported)) {
      trainer.initialize(fileSystem(imported), imported);
    } else {
      trainer.initialize();
    }
  }

  private Set<StateVector> mayBeAbsent() {
    return config.averaging().moments() == Moments.RESET
        ? EnumSet.of(StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT)
        : EnumSet.noneOf(StateVector.class);
  }

  /** What the driver is told of some steps: ids only where they are logged. */
  TrainedSteps reported(TrainedSteps trained) {
    return config.checkpoint().logSamples() ? trained : trained.withoutIds();
  }

  /**
   * Saves a failed step for a replay; a full disk must not hide the failure.
   *
   * @return what happened, for people
   */
  String saved(DivergedException failure, int round, int worker, TrainingEngine engine) {
    Path folder = new Path(run, String.format("failures/round-%06d-worker-%03d", round, worker));
    String what = String.format("round %d, worker %d: %s", round, worker, failure.step().message());
    try {
      FailureDump.write(fileSystem(folder), folder, round, engine, failure);
      return what + "; to take the step again: longmae replay " + folder;
    } catch (IOException e) {
      return what + "; the step could not be saved: " + e.getMessage();
    }
  }
}
