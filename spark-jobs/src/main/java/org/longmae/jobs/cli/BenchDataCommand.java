package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.DataBench;
import org.longmae.jobs.bench.DataBenchResult;
import org.longmae.jobs.bench.ShardingBench;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.platform.SparkApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae bench data}. */
@Command(
    name = "data",
    description = {
      "Times decoding, reading, the loader, what a training step waits for it, and sharding.",
      "Of pictures (--images) shards are made first, in a temporary folder, on one core and several"
          + " times; else the shards are those of --shards or data.shards."
    })
public final class BenchDataCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private BenchOptions options;

  @Option(names = "--shards", paramLabel = "DIR", description = "A shard set: data.shards.")
  private Optional<String> shards = Optional.empty();

  @Option(names = "--images", paramLabel = "DIR", description = "Pictures, as shard takes them.")
  private Optional<String> images = Optional.empty();

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "5",
      description = "Timed passes of each rate; the median counts. Default: ${DEFAULT-VALUE}.")
  private int passes;

  @Override
  public Integer call() throws Exception {
    int steps = options.steps();
    if (passes < 1) {
      throw new ConfigException("", "--passes must be at least 1 but was " + passes);
    }
    if (images.isPresent() && shards.isPresent()) {
      throw new ConfigException("", "--images and --shards are mutually exclusive");
    }
    RunConfig config = options.config();
    if (images.isPresent()) {
      measurePictures(config, FileSystems.qualified(images.get()), steps);
    } else {
      report(measure(config, folder(config), steps));
    }
    return 0;
  }

  private Path folder(RunConfig config) throws IOException {
    String named = shards.orElse(config.data().shards());
    if (named.isEmpty()) {
      throw new ConfigException(
          "data.shards", "bench data needs --images, --shards or data.shards, but has none");
    }
    return FileSystems.qualified(named);
  }

  private void measurePictures(RunConfig config, Path source, int steps) throws Exception {
    Path work =
        FileSystems.qualified(
            System.getProperty("java.io.tmpdir")
                + "/longmae-bench-"
                + ProcessHandle.current().pid());
    FileSystem fs = work.getFileSystem(FileSystems.configuration());
    try {
      ShardingBench sharding = new ShardingBench(config, source, work, passes);
      double rate;
      try (JavaSparkContext spark = SparkApplication.start("bench data", "local[1]")) {
        rate = sharding.run(spark);
      }
      report(measure(config, sharding.shards(), steps).withShardImagesPerSecond(rate));
    } finally {
      fs.delete(work, true);
    }
  }

  private DataBenchResult measure(RunConfig config, Path folder, int steps) throws Exception {
    FileSystem fs = folder.getFileSystem(FileSystems.configuration());
    return new DataBench(config, fs, folder, passes, steps, Cores.ofMachine(config.compute()))
        .run();
  }

  private void report(DataBenchResult result) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%s  %dx%d, batch %d, %d decode threads%n"
            + "  one core: decode, crop, resize, normalise %.0f images/s; decoding alone %.0f; verifying %.0f%n"
            + "  reading shards %.0f images/s (%.0f MiB/s); the loader %.0f images/s%n"
            + "  training: %.3f s a step, of which %.2f %% wait for data%n",
        result.compute(),
        result.imageHeight(),
        result.imageWidth(),
        result.batch(),
        result.decodeThreads(),
        result.decodeImagesPerSecond(),
        result.decoderImagesPerSecond(),
        result.verifyImagesPerSecond(),
        result.readImagesPerSecond(),
        result.readMebibytesPerSecond(),
        result.pipelineImagesPerSecond(),
        result.stepSeconds(),
        100 * result.dataWaitShare());
    if (result.shardImagesPerSecond() > 0) {
      System.out.printf(
          Locale.ROOT, "  sharding, one core: %.0f images/s%n", result.shardImagesPerSecond());
    }
    common.write(result);
  }
}
