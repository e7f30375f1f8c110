package org.longmae.jobs.plan;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bytedeco.javacpp.Pointer;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.ImageConfig;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TransformerConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.bench.GemmRate;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.jobs.train.LocalTrainer;
import org.longmae.model.HostMemory;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.MemoryModel;
import org.longmae.model.StepCost;
import org.longmae.model.StepShape;

/**
 * Measures how fast this machine trains: whole steps, on a batch small enough to take some seconds,
 * as a worker takes them where the run's pictures are there, with their decoding beside; or, of a
 * model that does not fit here, the rate of one matrix product, of which steps reach a known share.
 *
 * <p>Points of one encoder and decoder share the first one's measurement where sequences are long:
 * from L = 196 to L = 4096 the rate fell by less than a fifth. Shorter ones have one a length and
 * picture: what a step costs beside its arithmetic weighs more, the shorter it is.
 */
public final class Calibration {
  /** Share of a matrix product's rate in whole steps: {@code bench step}, docs/benchmarks.md. */
  static final double SHARE = 0.7;

  /** From here on lengths share a rate. */
  private static final int LONG = 196;

  private static final double STEP_SECONDS = 2;
  private static final int ENDLESS = 1_000_000;

  private record Family(
      TransformerConfig encoder,
      TransformerConfig decoder,
      ComputeConfig compute,
      int length,
      Optional<ImageConfig> image) {}

  private final Consumer<String> progress;
  private final Map<Family, Rate> rates = new HashMap<>();
  private final Map<ComputeConfig, Double> products = new HashMap<>();

  /**
   * Measures nothing yet.
   *
   * @param progress told what is being measured
   */
  public Calibration(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * The rate of a worker that is a machine like this one.
   *
   * @param pictures of {@code data.shards}; without them steps are timed on none
   * @throws IOException if pictures cannot be read
   */
  public Rate of(RunConfig run, Optional<ShardManifest> pictures) throws IOException {
    int length = Math.min(run.sequenceLength(), LONG);
    Optional<ImageConfig> image = length < LONG ? Optional.of(run.image()) : Optional.empty();
    Family family =
        new Family(run.model().encoder(), run.model().decoder(), run.compute(), length, image);
    Rate known = rates.get(family);
    if (known == null) {
      known = measure(run, pictures);
      rates.put(family, known);
    }
    return known;
  }

  private Rate measure(RunConfig run, Optional<ShardManifest> pictures) throws IOException {
    progress.accept("measuring the rate of training steps on this machine");
    double product =
        products.computeIfAbsent(
            run.compute(), compute -> GemmRate.measure(compute, Cores.ofMachine(compute)));
    MaeSpec spec = MaeSpec.of(run);
    StepShape configured = StepShape.of(run);
    double seconds = StepCost.of(spec, configured).flops() / (SHARE * product * 1e9);
    double most = Math.min(configured.part(), STEP_SECONDS / seconds);
    int there = pictures.map(set -> set.rows(ShardPlan.TRAIN)).orElse(Integer.MAX_VALUE);
    int images = (int) Math.max(1, Math.min(most, there));
    StepShape step = new StepShape(images, 0, configured.recompute());
    if (MemoryModel.of(run, step, HostMemory.ofSteps(spec)).total()
        > Pointer.availablePhysicalBytes()) {
      String source = String.format(Locale.ROOT, "%.2f of a matrix product's rate here", SHARE);
      return new Rate(SHARE * product, source);
    }
    double taken =
        pictures.isPresent() && there > 0
            ? trainingSeconds(alone(run, images), pictures.get())
            : stepSeconds(run, images);
    double rate = StepCost.of(spec, step).flops() * images / taken * 1e-9;
    String what = pictures.isPresent() ? "training" : "steps";
    return new Rate(
        rate, String.format("%s of %d images timed here, L = %d", what, images, spec.patches()));
  }

  /** The run of one worker that takes so many images a step, without an end. */
  private static RunConfig alone(RunConfig run, int images) {
    return new ConfigLoader()
        .text(ConfigLoader.render(run), "calibration")
        .set("train.workers=1")
        .set("train.batch=" + images)
        .set("train.micro-batch=0")
        .set("train.epochs=" + ENDLESS)
        .run();
  }

  private static double trainingSeconds(RunConfig run, ShardManifest pictures) throws IOException {
    Path folder = FileSystems.qualified(run.data().shards());
    FileSystem fs = folder.getFileSystem(FileSystems.configuration());
    int threads = Cores.ofMachine(run.compute());
    try (LocalTrainer trainer = LocalTrainer.open(fs, folder, pictures, run, threads, 0)) {
      trainer.initialize();
      return Pace.settled(done -> trainer.trainUntil(done + 1));
    }
  }

  /** Weights stay zero: no kernel is faster for that. */
  private static double stepSeconds(RunConfig run, int images) {
    long[] ids = new long[images];
    Arrays.setAll(ids, i -> i);
    int[] shuffles_BL = new BatchMasks(run, Purpose.MASK).of(ids, 0);
    try (MaeEngine engine = MaeEngine.open(run, Cores.ofMachine(run.compute()))) {
      float[] images_BCHW = new float[images * engine.spec().imageValues()];
      return Pace.settled(done -> engine.step(images_BCHW, shuffles_BL, 0, done + 1));
    }
  }
}
