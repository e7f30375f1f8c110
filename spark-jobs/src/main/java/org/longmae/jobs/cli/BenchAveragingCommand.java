package org.longmae.jobs.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.AveragingBench;
import org.longmae.jobs.bench.AveragingBenchResult;
import org.longmae.jobs.bench.AveragingTimes;
import org.longmae.jobs.platform.FileSystems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae bench averaging}. */
@Command(
    name = "averaging",
    description = {
      "Times rounds of two workers (or train.workers) for each way to average, DL4J's"
          + " ParameterAveragingTrainingMaster among them.",
      "A model is named as for pretrain; pictures are scenes made for it."
    })
public final class BenchAveragingCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--strategies",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "mean,slowmo,diloco,dl4j",
      description = "Ways to measure, in this order. Default: ${DEFAULT-VALUE}.")
  private List<String> strategies;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds to time of each. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "longmae-bench-averaging",
      description = "Folder that all workers reach. Default: ${DEFAULT-VALUE}.")
  private String out;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1) {
      throw new ConfigException("", "--rounds must be at least 1 but was " + rounds);
    }
    ConfigLoader loader = options.loader("tiny", List.of("train.workers=2", "train.local-steps=1"));
    RunConfig config = loader.run();
    if (config.train().workers() < 2) {
      throw new ConfigException(
          "train.workers", "train.workers must be at least 2 but was " + config.train().workers());
    }
    strategies.stream()
        .filter(strategy -> !strategy.equals(AveragingBench.DL4J))
        .forEach(strategy -> new ConfigLoader().set("averaging.strategy=" + strategy).run());
    try (JavaSparkContext spark = common.spark("bench averaging")) {
      AveragingBenchResult result =
          new AveragingBench(config, FileSystems.qualified(out), rounds).run(spark, strategies);
      System.out.printf(
          Locale.ROOT,
          "%,d parameters, %d workers, %d local steps%n",
          result.parameters(),
          result.workers(),
          result.localSteps());
      for (AveragingTimes way : result.ways()) {
        System.out.printf(
            Locale.ROOT,
            "%-8s %8.2f s a round, %.2f s of them local steps   %,8.1f MiB a worker   driver's heap at most %,.0f MiB%n",
            way.strategy(),
            way.secondsPerRound(),
            way.trainSecondsPerRound(),
            way.bytesPerWorker() / (double) (1 << 20),
            way.driverPeakHeapBytes() / (double) (1 << 20));
      }
      common.write(
          Map.of(
              "parameters", result.parameters(),
              "workers", result.workers(),
              "local_steps", result.localSteps(),
              "rounds", result.rounds(),
              "seconds_per_round", by(result, AveragingTimes::secondsPerRound),
              "train_seconds_per_round", by(result, AveragingTimes::trainSecondsPerRound),
              "bytes_per_worker", by(result, AveragingTimes::bytesPerWorker),
              "driver_peak_heap_bytes", by(result, AveragingTimes::driverPeakHeapBytes)));
    }
    return 0;
  }

  private static <T> Map<String, T> by(
      AveragingBenchResult result, Function<AveragingTimes, T> value) {
    Map<String, T> values = new TreeMap<>();
    result.ways().forEach(way -> values.put(way.strategy(), value.apply(way)));
    return values;
  }
}
