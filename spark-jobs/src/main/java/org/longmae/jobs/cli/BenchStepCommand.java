package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  @Option(names = "--image-size", paramLabel = "PX[xPX]", description = "image.size")
  private Optional<String> imageSize = Optional.empty();

  @Option(names = "--patch-size", paramLabel = "PX", description = "model.patch-size")
  private Optional<String> patchSize = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "train.batch")
  private Optional<String> batch = Optional.empty();

  @Option(names = "--precision", paramLabel = "TYPE", description = "compute.precision")
  private Optional<String> precision = Optional.empty();

  @Option(names = "--backend", paramLabel = "NAME", description = "compute.backend")
  private Optional<String> backend = Optional.empty();

  @Option(names = "--device", paramLabel = "NAME", description = "compute.device")
  private Optional<String> device = Optional.empty();

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
    List<String> settings = new ArrayList<>();
    imageSize.ifPresent(value -> settings.add("image.size=" + value));
    patchSize.ifPresent(value -> settings.add("model.patch-size=" + value));
    batch.ifPresent(value -> settings.add("train.batch=" + value));
    precision.ifPresent(value -> settings.add("compute.precision=" + value));
    backend.ifPresent(value -> settings.add("compute.backend=" + value));
    device.ifPresent(value -> settings.add("compute.device=" + value));
    settings.forEach(loader::set);
    return loader.run();
  }
}
