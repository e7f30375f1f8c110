package org.longmae.jobs.cli;

import java.util.concurrent.Callable;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.bench.OpsBench;
import org.longmae.jobs.bench.OpsBenchResult;
import org.longmae.jobs.platform.Cores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code longmae bench ops}. */
@Command(
    name = "ops",
    description = "Times each operation of a training step by wall clock: where its time goes.")
public final class BenchOpsCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private BenchOptions options;

  @Override
  public Integer call() throws Exception {
    int steps = options.steps();
    RunConfig config = options.config();
    OpsBenchResult result = new OpsBench(config, steps, Cores.ofMachine(config.compute())).run();
    System.out.println(OpsTable.text(result));
    common.write(result);
    return 0;
  }
}
