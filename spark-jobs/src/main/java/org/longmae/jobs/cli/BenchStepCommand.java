package org.longmae.jobs.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.StepBench;
import org.longmae.jobs.bench.StepBenchResult;
import org.longmae.jobs.platform.Cores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code longmae bench step}. */
@Command(
    name = "step",
    description = "Times whole training steps on random pictures, beside the rate of one GEMM.")
public final class BenchStepCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private BenchOptions options;

  @Override
  public Integer call() throws Exception {
    int steps = options.steps();
    RunConfig config = options.config();
    StepBenchResult result = new StepBench(config, steps, Cores.ofMachine(config.compute())).run();
    System.out.printf(
        Locale.ROOT,
        "%s  L=%d  batch %d: %.3f s a step, %.2f images/s, %.0f GFLOP/s (%.0f %% of the GEMM's %.0f),"
            + " %d MiB (planned for ATen on a CPU: %d)%n",
        result.compute(),
        result.sequenceLength(),
        result.batch(),
        result.stepSeconds(),
        result.imagesPerSecond(),
        result.gflopsPerSecond(),
        100 * result.gflopsPerSecond() / result.gemmGflopsPerSecond(),
        result.gemmGflopsPerSecond(),
        result.peakBytes() >> 20,
        result.plannedBytes() >> 20);
    common.write(result);
    return 0;
  }
}
