package org.longmae.jobs.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.LoopBench;
import org.longmae.jobs.bench.LoopBenchResult;
import org.longmae.jobs.platform.FileSystems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae bench loop}. */
@Command(
    name = "loop",
    description = {
      "Times the training service with one worker beside the bare training loop: the same steps on"
          + " the same batches, by turns.",
      "A model is named as for pretrain; pictures are scenes made for it."
    })
public final class BenchLoopCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rounds to time in a pass. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes of both, of which the middle one counts. Default: ${DEFAULT-VALUE}.")
  private int passes;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "longmae-bench-loop",
      description = "Folder for pictures and runs. Default: ${DEFAULT-VALUE}.")
  private String out;

  @Override
  public Integer call() throws Exception {
    require(rounds >= 1, "--rounds must be at least 1 but was " + rounds);
    require(passes >= 1, "--passes must be at least 1 but was " + passes);
    RunConfig config = options.loader("tiny", List.of()).run();
    try (JavaSparkContext spark = common.spark("bench loop")) {
      LoopBenchResult result =
          new LoopBench(config, FileSystems.qualified(out), rounds, passes).run(spark);
      double share = result.serviceMedian() / result.bareMedian();
      System.out.printf(
          Locale.ROOT,
          "%,d parameters, batch %d, %d local steps: bare loop %.1f images/s, on Spark %.1f: %.1f %%%n",
          result.parameters(),
          result.batch(),
          result.localSteps(),
          result.bareMedian(),
          result.serviceMedian(),
          100 * share);
      common.write(
          Map.of(
              "parameters", result.parameters(),
              "batch", result.batch(),
              "local_steps", result.localSteps(),
              "rounds", result.rounds(),
              "bare_images_per_second", result.bare(),
              "spark_images_per_second", result.service(),
              "share", share));
    }
    return 0;
  }

  private static void require(boolean rule, String message) {
    if (!rule) {
      throw new ConfigException("", message);
    }
  }
}
