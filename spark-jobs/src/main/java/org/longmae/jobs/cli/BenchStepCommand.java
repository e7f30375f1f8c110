package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.StepBench;
import org.longmae.jobs.bench.StepBenchResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae bench step}. */
@Command(
    name = "step",
    description = "Times whole training steps on random pictures, beside the rate of one GEMM.")
public final class BenchStepCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;
  @Mixin private EngineOptions engine;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "7", description = "Timed steps.")
  private int steps;

  @Override
  public Integer call() throws Exception {
    if (steps < 1) {
      throw new ConfigException("", "--steps must be at least 1 but was " + steps);
    }
    RunConfig config = config();
    int threads = config.compute().threads();
    int cores = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    StepBenchResult result = new StepBench(config, steps, cores).run();
    System.out.printf(
        Locale.ROOT,
        "%s  L=%d  batch %d: %.3f s a step, %.2f images/s, %.0f GFLOP/s (%.0f %% of the GEMM's %.0f),"
            + " %d MiB%n",
        result.compute(),
        result.sequenceLength(),
        result.batch(),
        result.stepSeconds(),
        result.imagesPerSecond(),
        result.gflopsPerSecond(),
        100 * result.gflopsPerSecond() / result.gemmGflopsPerSecond(),
        result.gemmGflopsPerSecond(),
        result.peakBytes() >> 20);
    common.write(result);
    return 0;
  }

  private RunConfig config() throws IOException {
    ConfigLoader loader = options.loader();
    engine.applyTo(loader);
    return loader.run();
  }
}
