package org.longmae.jobs.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.PicturePreparation;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.load.Batch;
import org.longmae.data.load.Rendering;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.MaeEngine;

/**
 * Measures the way from shards to batches, station by station, and what training waits for it.
 *
 * <p>Rates of one core are by the processor time of one thread, so that other work on the machine
 * does not count; all else is by the clock. Each rate is the median of several passes after one
 * that warms up.
 */
public final class DataBench {
  /** Pictures of a pass over pictures in memory, at most. */
  private static final int PICTURES = 600;

  /** Pictures of a pass of the loader, at least. */
  private static final int LOADED = 600;

  private static final double MIB = 1 << 20;

  private final RunConfig config;
  private final FileSystem fs;
  private final Path shards;
  private final ShardManifest manifest;
  private final int passes;
  private final int steps;
  private final int threads;

  /**
   * A measurement.
   *
   * @param passes timed, at least 1
   * @param steps of training, timed, at least 1
   * @param threads of training
   * @throws ShardException if {@code shards} is no shard set or has less than a batch
   */
  public DataBench(RunConfig config, FileSystem fs, Path shards, int passes, int steps, int threads)
      throws IOException {
    this.config = config;
    this.fs = fs;
    this.shards = shards;
    this.passes = passes;
    this.steps = steps;
    this.threads = threads;
    manifest = ShardManifest.read(fs, shards);
    TrainingLoader.stepsPerEpoch(manifest, config);
  }

  /** Measures. */
  public DataBenchResult run() throws IOException, UnreadablePictureException {
    List<ShardRow> rows = rows();
    double bytes = rows.stream().mapToLong(row -> row.image().length).average().orElse(0);
    Rates rates =
        new Rates(
            readRate(), verifyRate(rows), decoderRate(rows), decodeRate(rows), pipelineRate());
    return train(rows.size(), bytes, rates);
  }

  /** Pictures a second. */
  private record Rates(
      double read, double verify, double decoder, double decode, double pipeline) {}

  /** Median of the timed passes' rates; {@code pass} gives pictures a second. */
  private double median(Pass pass) throws IOException, UnreadablePictureException {
    double[] rates = new double[passes];
    for (int i = -1; i < passes; i++) {
      double rate = pass.rate(i + 1);
      if (i >= 0) {
        rates[i] = rate;
      }
    }
    Arrays.sort(rates);
    return rates[passes / 2];
  }

  private interface Pass {
    double rate(int number) throws IOException, UnreadablePictureException;
  }

  private List<ShardRow> rows() throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    for (ShardFile file : manifest.files(ShardPlan.TRAIN)) {
      try (ShardReader reader = open(file)) {
        for (int i = 0; i < reader.rowGroups() && rows.size() < PICTURES; i++) {
          rows.addAll(reader.rowGroup(i));
        }
      }
    }
    return rows.subList(0, Math.min(rows.size(), PICTURES));
  }

  /** Whole files from the file system, checksums and all, thrown away. */
  private double readRate() throws IOException, UnreadablePictureException {
    return median(
        pass -> {
          long start = System.nanoTime();
          long read = 0;
          for (ShardFile file : manifest.files(ShardPlan.TRAIN)) {
            try (ShardReader reader = open(file)) {
              for (int i = 0; i < reader.rowGroups() && read < 20 * PICTURES; i++) {
                read += reader.rowGroup(i).size();
              }
            }
          }
          return read / seconds(start);
        });
  }

  /** What sharding does to a picture; stored ones need nothing but to be verified. */
  private double verifyRate(List<ShardRow> rows) throws IOException, UnreadablePictureException {
    PicturePreparation preparation =
        new PicturePreparation(config.data().prepare(), config.data().limits());
    return median(
        pass -> {
          long start = threadNanos();
          for (ShardRow row : rows) {
            preparation.prepare(row.image());
          }
          return rows.size() / ((threadNanos() - start) * 1e-9);
        });
  }

  private double decoderRate(List<ShardRow> rows) throws IOException, UnreadablePictureException {
    return median(
        pass -> {
          long start = threadNanos();
          for (ShardRow row : rows) {
            PictureCodec.decode(row.image());
          }
          return rows.size() / ((threadNanos() - start) * 1e-9);
        });
  }

  private double decodeRate(List<ShardRow> rows) throws IOException, UnreadablePictureException {
    Rendering rendering = new Rendering(config.image());
    float[] out = new float[rendering.imageLength()];
    return median(
        pass -> {
          long start = threadNanos();
          for (ShardRow row : rows) {
            rendering.normalize(rendering.training(row, config.randomness(), pass), out, 0);
          }
          return rows.size() / ((threadNanos() - start) * 1e-9);
        });
  }

  private double pipelineRate() throws IOException, UnreadablePictureException {
    int batch = config.train().batch();
    int batches = (LOADED + batch - 1) / batch;
    try (TrainingLoader loader = TrainingLoader.open(fs, shards, manifest, config, 0)) {
      return median(
          pass -> {
            long start = System.nanoTime();
            for (int i = 0; i < batches; i++) {
              loader.next();
            }
            return batch * batches / seconds(start);
          });
    }
  }

  private DataBenchResult train(int pictures, double bytes, Rates rates) {
    BatchMasks masks = new BatchMasks(config, Purpose.MASK);
    try (MaeEngine engine = MaeEngine.open(config, threads);
        TrainingLoader loader = TrainingLoader.open(fs, shards, manifest, config, 0)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      long start = 0;
      double waitedBefore = 0;
      for (int step = 1; step <= StepBench.WARM_UP + steps; step++) {
        if (step == StepBench.WARM_UP + 1) {
          start = System.nanoTime();
          waitedBefore = loader.waitSeconds();
        }
        Batch batch = loader.next();
        engine.step(batch.images_BCHW(), masks.of(batch.ids(), 0), config.learningRate(), step);
      }
      double seconds = seconds(start);
      return new DataBenchResult(
          engine.description(),
          config.image().size().height(),
          config.image().size().width(),
          config.train().batch(),
          config.data().decodeThreads(),
          pictures,
          bytes,
          rates.decode,
          rates.decoder,
          rates.verify,
          rates.read,
          rates.read * bytes / MIB,
          rates.pipeline,
          seconds / steps,
          (loader.waitSeconds() - waitedBefore) / seconds,
          0);
    }
  }

  private ShardReader open(ShardFile file) throws IOException {
    return ShardReader.openWithoutObjects(fs, new Path(shards, file.name()));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
