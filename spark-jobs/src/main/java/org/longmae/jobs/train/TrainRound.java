package org.longmae.jobs.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

/**
 * What an executor runs for a round: find or open the worker's replica, train to the round's end,
 * write the state if the round is a restart point.
 *
 * <p>A pure function of the committed state: a replica that is not where the round starts (a new
 * executor, a retried task) is opened at the last committed state and trains forward from there,
 * which gives the same bits.
 */
final class TrainRound implements Function<TrainRound.Task, TrainRound.Result> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunConfig config;
  private final ShardManifest manifest;
  private final String shards;
  private final String attempt;

  /**
   * Prepares the rounds of one driver's attempt at a run.
   *
   * @param attempt names run and driver, so that replicas of an earlier driver are not continued
   */
  TrainRound(
      Broadcast<SerializableConfiguration> hadoop,
      RunConfig config,
      ShardManifest manifest,
      String shards,
      String attempt) {
    this.hadoop = hadoop;
    this.config = config;
    this.manifest = manifest;
    this.shards = shards;
    this.attempt = attempt;
  }

  /**
   * One round.
   *
   * @param firstStep steps done before the round
   * @param lastStep steps done after it
   * @param committed the last committed state, null before the first
   * @param stateFolder where the state after the round goes, null if the round is no restart point
   * @param weightsFile where the weights after the round go, null if the round makes no checkpoint
   * @param threads cores to compute on
   */
  record Task(
      long firstStep,
      long lastStep,
      SavedState committed,
      String stateFolder,
      String weightsFile,
      int threads)
      implements Serializable {}

  /**
   * What a round gives back.
   *
   * @param description backend, device and precision that were used
   * @param stateLength parameters of the model
   * @param chunks files of the state, empty if none was written
   */
  record Result(TrainedSteps trained, String description, long stateLength, List<Chunk> chunks)
      implements Serializable {}

  @Override
  public Result call(Task task) throws IOException {
    Path shardFolder = new Path(shards);
    FileSystem fs = fileSystem(shardFolder);
    LocalTrainer trainer =
        Replica.at(
            attempt,
            task.firstStep(),
            () ->
                LocalTrainer.open(
                    fs,
                    shardFolder,
                    manifest,
                    config,
                    Optional.ofNullable(task.committed()),
                    task.threads()));
    if (trainer.step() < task.firstStep()) {
      trainer.trainUntil(task.firstStep());
    }
    TrainedSteps trained = trainer.trainUntil(task.lastStep());
    MaeEngine engine = trainer.engine();
    if (task.weightsFile() != null) {
      writeCheckpoint(new Path(task.weightsFile()), engine, provenance(task));
    }
    List<Chunk> chunks = List.of();
    if (task.stateFolder() != null) {
      Path folder = new Path(task.stateFolder());
      chunks = StateFiles.write(fileSystem(folder), folder, engine);
    }
    return new Result(trained, engine.description(), engine.stateLength(), chunks);
  }

  private void writeCheckpoint(Path weights, MaeEngine engine, Map<String, String> provenance)
      throws IOException {
    FileSystem fs = fileSystem(weights);
    if (engine.vectors().contains(StateVector.AVERAGE)) {
      // The average first: a checkpoint that is found by its weights is whole.
      Path average = RunDirectory.average(weights);
      Safetensors.write(fs, average, engine, StateVector.AVERAGE, provenance);
    }
    Safetensors.write(fs, weights, engine, StateVector.PARAMETERS, provenance);
  }

  private Map<String, String> provenance(Task task) {
    return Map.of(
        "format", "pt",
        "config", ConfigLoader.render(config),
        "shards", manifest.digest(),
        "step", Long.toString(task.lastStep()));
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(hadoop.value().value());
  }
}
