package org.longmae.jobs.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest;
import org.longmae.model.LearningRateSchedule;
import org.longmae.model.MaeEngine;
import org.longmae.model.NonFiniteLossException;

/**
 * The training loop of one worker: batch, masks, rate, step. It knows no Spark.
 *
 * <p>The steps it takes are a function of (state, step, configuration, shard set) alone: batches
 * come by global step, masks by (epoch, sample), the rate by step. So it may be closed at any step
 * and another one opened from the state there.
 */
public final class LocalTrainer implements AutoCloseable {
  private final FileSystem fs;
  private final Path shards;
  private final ShardManifest manifest;
  private final RunConfig config;
  private final MaeEngine engine;
  private final BatchMasks masks;
  private final LearningRateSchedule schedule;
  private final int stepsPerEpoch;
  private TrainingLoader loader;
  private long step;

  private LocalTrainer(
      FileSystem fs, Path shards, ShardManifest manifest, RunConfig config, int threads) {
    this.fs = fs;
    this.shards = shards;
    this.manifest = manifest;
    this.config = config;
    this.stepsPerEpoch = TrainingLoader.stepsPerEpoch(manifest, config);
    this.masks = new BatchMasks(config, Purpose.MASK);
    this.schedule = LearningRateSchedule.of(config);
    this.engine = MaeEngine.open(config, threads);
  }

  /**
   * Opens a worker at the state given, or at the initial weights.
   *
   * @param state a committed state's folder and manifest; none starts the run
   * @param threads cores to compute on
   */
  public static LocalTrainer open(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      RunConfig config,
      Optional<SavedState> state,
      int threads)
      throws IOException {
    LocalTrainer trainer = new LocalTrainer(fs, shards, manifest, config, threads);
    try {
      trainer.start(state);
      return trainer;
    } catch (IOException | RuntimeException e) {
      trainer.close();
      throw e;
    }
  }

  /** Trains until {@code lastStep} steps are done since the run's start. */
  public TrainedSteps trainUntil(long lastStep) throws IOException {
    if (loader == null) {
      loader = TrainingLoader.open(fs, shards, manifest, config, step);
    }
    float[] losses = new float[Math.toIntExact(lastStep - step)];
    double waitedBefore = loader.waitSeconds();
    long start = System.nanoTime();
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (float) step(loader.next());
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new TrainedSteps(losses, seconds, loader.waitSeconds() - waitedBefore);
  }

  /** Steps done since the run's start. */
  public long step() {
    return step;
  }

  /** The replica; valid until this trainer is closed. */
  public MaeEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    if (loader != null) {
      loader.close();
    }
    engine.close();
  }

  private void start(Optional<SavedState> state) throws IOException {
    if (state.isPresent()) {
      StateManifest saved = state.get().manifest();
      StateFiles.read(fs, new Path(state.get().folder()), saved, engine);
      step = saved.step();
    } else {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
    }
  }

  private double step(Batch batch) {
    int epoch = Math.toIntExact(step / stepsPerEpoch);
    // The rate of MAE: by the fraction of epochs done before this step.
    double rate = schedule.rate((double) step / stepsPerEpoch);
    try {
      double loss = engine.step(batch.images_BCHW(), masks.of(batch.ids(), epoch), rate, step + 1);
      step++;
      return loss;
    } catch (NonFiniteLossException e) {
      throw new TrainingException(
          String.format(
              "step %d, epoch %d, learning rate %s: %s; pictures %s",
              step + 1, epoch + 1, rate, e.getMessage(), Arrays.toString(batch.ids())));
    }
  }
}
