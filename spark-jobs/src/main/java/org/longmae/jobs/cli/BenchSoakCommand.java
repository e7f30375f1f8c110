package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.SoakBench;
import org.longmae.jobs.bench.SoakBenchResult;
import org.longmae.jobs.platform.Cores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae bench soak}. */
@Command(
    name = "soak",
    description = {
      "Trains a small model (preset tiny, if no other is named) for many steps and tells whether the"
          + " process grows.",
      "With LONGMAE_JAVA_OPTS='-Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1' the Java"
          + " heap is small, so that native memory must be freed without the garbage collector's"
          + " help; and neither the heap nor the JVM's second compiler, which takes some megabytes"
          + " now and then, changes in size, so that what grows is the training's."
    })
public final class BenchSoakCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;
  @Mixin private EngineOptions engine;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Steps, of which the first fifth warms up. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Override
  public Integer call() throws Exception {
    if (steps < SoakBench.LEAST_STEPS) {
      throw new ConfigException(
          "", "--steps must be at least " + SoakBench.LEAST_STEPS + " but was " + steps);
    }
    RunConfig config = config();
    SoakBenchResult result = new SoakBench(config, steps, Cores.ofMachine(config.compute())).run();
    System.out.printf(
        Locale.ROOT,
        "%s  L=%d  batch %d: %d steps in %.0f s; resident %.1f MiB after warm-up, %.1f MiB at the"
            + " end, %+.3f MiB a minute; native objects %d, %d%n",
        result.compute(),
        result.sequenceLength(),
        result.batch(),
        result.steps(),
        result.seconds(),
        mebibytes(result.warmBytes()),
        mebibytes(result.endBytes()),
        mebibytes(result.growthBytesPerMinute()),
        result.warmObjects(),
        result.endObjects());
    common.write(result);
    return 0;
  }

  private RunConfig config() throws IOException {
    ConfigLoader loader = options.loader("tiny", List.of());
    engine.applyTo(loader);
    return loader.run();
  }

  private static double mebibytes(double bytes) {
    return bytes / (1 << 20);
  }
}
