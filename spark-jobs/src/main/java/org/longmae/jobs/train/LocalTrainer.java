package org.longmae.jobs.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.data.load.BatchSlice;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.run.Safetensors;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest;
import org.longmae.model.LearningRateSchedule;
import org.longmae.model.NonFiniteLossException;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

/**
 * The training loop of a worker: batch, rate, step, whatever is trained ({@link Learner}). It knows
 * no Spark.
 *
 * <p>The steps it takes are a function of (state, step, configuration, shard set, slice) alone:
 * batches come by global step, what is drawn by (epoch, sample), the rate by step. So it may be
 * closed at any step and another one started from the state there; and it may work for several
 * workers, one after the other, each from the state restored.
 */
public final class LocalTrainer implements AutoCloseable {
  private static final long UNKNOWN = -1;

  private final FileSystem fs;
  private final Path shards;
  private final ShardManifest manifest;
  private final RunConfig config;
  private final int threads;
  private final int classes;
  private final Learner learner;
  private final LearningRateSchedule schedule;
  private final int stepsPerEpoch;

  /** Of the slices that this trainer works on, each ahead of the others' or behind. */
  private final Map<BatchSlice, TrainingLoader> loaders = new HashMap<>();

  private long step = UNKNOWN;

  private LocalTrainer(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      RunConfig config,
      int threads,
      int device) {
    this.fs = fs;
    this.shards = shards;
    this.manifest = manifest;
    this.config = config;
    this.stepsPerEpoch = TrainingLoader.stepsPerEpoch(manifest, config);
    this.schedule = LearningRateSchedule.of(config);
    this.threads = threads;
    this.classes = manifest.classNames().size();
    this.learner = Learner.open(fs.getConf(), config, classes, threads, device);
  }

  /**
   * Opens a worker without a state: {@link #initialize} or {@link #restore} give it one.
   *
   * @param threads cores to compute on
   * @param device index of the GPU, if there are several
   */
  public static LocalTrainer open(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      RunConfig config,
      int threads,
      int device) {
    return new LocalTrainer(fs, shards, manifest, config, threads, device);
  }

  /**
   * Goes to the initial weights.
   *
   * @throws IOException if they are a checkpoint's that cannot be read
   */
  public void initialize() throws IOException {
    step = UNKNOWN;
    learner.initialize();
    step = 0;
  }

  /**
   * Goes to weights that were trained before; the optimiser starts anew, the average at them.
   *
   * @throws IOException if they cannot be read
   */
  public void initialize(FileSystem weightsFs, Path weights) throws IOException {
    initialize();
    step = UNKNOWN;
    TrainingEngine engine = learner.engine();
    Set<StateVector> vectors = EnumSet.of(StateVector.PARAMETERS, StateVector.AVERAGE);
    vectors.retainAll(engine.vectors());
    Safetensors.read(
        weightsFs,
        weights,
        engine.layout(),
        (offset, piece) -> vectors.forEach(vector -> engine.write(vector, offset, piece)));
    step = 0;
  }

  /**
   * Goes to a committed state.
   *
   * @param mayBeAbsent vectors that the state need not have; they become zeros
   * @throws IOException if the state cannot be read
   */
  public void restore(
      FileSystem stateFs, Path folder, StateManifest state, Set<StateVector> mayBeAbsent)
      throws IOException {
    step = UNKNOWN;
    StateFiles.read(stateFs, folder, state, learner.engine(), mayBeAbsent);
    step = state.step();
  }

  /** Whether it is at a state of the run, with so many steps done. */
  public boolean isAt(long steps) {
    return step == steps;
  }

  /** Says that the state is one worker's, not the run's; another must be restored before use. */
  public void forget() {
    step = UNKNOWN;
  }

  /** Trains on whole batches until {@code lastStep} steps are done since the run's start. */
  public TrainedSteps trainUntil(long lastStep) {
    BatchSlice whole = BatchSlice.of(0, 1, config.train().batch());
    return trainUntil(lastStep, whole, 0, () -> false);
  }

  /**
   * Trains until {@code lastStep} steps are done since the run's start.
   *
   * @param slice of each batch
   * @param momentsSince step at which the optimiser's moments were zero
   * @param cancelled asked before each step
   * @throws DivergedException if the loss is not finite; the engine's state is that before the
   *     step, but of an unknown one
   * @throws TrainingException if training was cancelled
   */
  TrainedSteps trainUntil(
      long lastStep, BatchSlice slice, long momentsSince, BooleanSupplier cancelled) {
    TrainingLoader loader = loader(slice);
    long firstStep = step;
    int count = Math.toIntExact(lastStep - firstStep);
    float[] losses = new float[count];
    List<long[]> ids = new ArrayList<>(count);
    double waitedBefore = loader.waitSeconds();
    long start = System.nanoTime();
    step = UNKNOWN;
    for (int i = 0; i < count; i++) {
      if (cancelled.getAsBoolean()) {
        throw new TrainingException("training was cancelled before step " + (firstStep + i + 1));
      }
      Batch batch = loader.next();
      losses[i] = (float) step(batch, firstStep + i, momentsSince);
      ids.add(batch.ids());
    }
    step = lastStep;
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new TrainedSteps(losses, ids, seconds, loader.waitSeconds() - waitedBefore);
  }

  /** The run's configuration. */
  RunConfig config() {
    return config;
  }

  /** The replica; valid until this trainer is closed. */
  public TrainingEngine engine() {
    return learner.engine();
  }

  @Override
  public void close() {
    loaders.values().forEach(TrainingLoader::close);
    learner.close();
  }

  /** The slice's loader at this step; those that are behind are of no more use. */
  private TrainingLoader loader(BatchSlice slice) {
    TrainingLoader open = loaders.get(slice);
    if (open == null || open.step() != step) {
      loaders
          .values()
          .removeIf(
              loader -> {
                boolean idle = loader == open || loader.step() < step;
                if (idle) {
                  loader.close();
                }
                return idle;
              });
      loaders.put(slice, TrainingLoader.open(fs, shards, manifest, config, step, slice));
    }
    return loaders.get(slice);
  }

  private double step(Batch batch, long done, long momentsSince) {
    int epoch = Math.toIntExact(done / stepsPerEpoch);
    // The rate of MAE: by the fraction of epochs done before this step.
    double rate = schedule.rate((double) done / stepsPerEpoch);
    long t = done - momentsSince + 1;
    try {
      return learner.step(batch, epoch, rate, t);
    } catch (NonFiniteLossException e) {
      String message =
          String.format(
              "step %d, epoch %d, learning rate %s: %s; pictures %s",
              done + 1, epoch + 1, rate, e.getMessage(), Arrays.toString(batch.ids()));
      FailedStep failed =
          new FailedStep(
              message, done, epoch, t, rate, threads, classes, batch.ids(), batch.labels());
      throw new DivergedException(failed, batch.images_BCHW());
    }
  }
}
