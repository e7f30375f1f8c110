package org.longmae.jobs.cli;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.jobs.train.PretrainResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae pretrain}. */
@Command(
    name = "pretrain",
    description = "Pre-trains one model; given the same run directory again, it continues.")
public final class PretrainCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Run directory.")
  private String out;

  @Override
  public Integer call() throws Exception {
    RunConfig config = Shards.checked(options.loader().run());
    Path run = FileSystems.qualified(out);
    // Before Spark starts, which takes seconds.
    RunDirectory.requireFree(run.getFileSystem(FileSystems.configuration()), run, config);
    try (JavaSparkContext spark = common.spark("pretrain")) {
      ConsoleProgress progress = new ConsoleProgress(run.getName());
      PretrainResult result = new PretrainJob(config, run, progress).run(spark);
      System.out.printf(
          Locale.ROOT,
          "%s: %d steps, loss %.4f, %.0f images/s (%s)%n",
          result.run(),
          result.steps(),
          result.finalLoss(),
          result.imagesPerSecond(),
          result.compute().isEmpty() ? "nothing was left to train" : result.compute());
      common.write(
          Map.of(
              "run", result.run(),
              "continued_from_step", result.continuedFromStep(),
              "steps", result.steps(),
              "seconds", result.seconds(),
              "images_per_second", result.imagesPerSecond(),
              "loss", result.finalLoss(),
              "parameters", result.parameters()));
    }
    return 0;
  }
}
