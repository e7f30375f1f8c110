package org.longmae.jobs.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.RunStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code longmae status}. */
@Command(
    name = "status",
    description = "Says how a run stands, from its files alone: no Spark, no driver is asked.")
public final class StatusCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "RUN", description = "Run directory.")
  private String run;

  @Override
  public Integer call() throws Exception {
    Path root = FileSystems.qualified(run);
    RunStatus status =
        RunStatus.of(RunDirectory.existing(root.getFileSystem(FileSystems.configuration()), root));
    System.out.printf(
        Locale.ROOT,
        "%s: %s, step %d of %d, epoch %.1f%n",
        root,
        status.state(),
        status.step(),
        status.steps(),
        status.epoch());
    if (status.loss() != null) {
      System.out.printf(
          Locale.ROOT,
          "loss %.4f, %.0f images/s with %d worker%s, %.0f s left at this pace%n",
          status.loss(),
          status.imagesPerSecond(),
          status.workers(),
          status.workers() == 1 ? "" : "s",
          status.secondsLeft());
    }
    System.out.printf(
        "restarts from round %d; driver: %s%n",
        Math.max(0, status.committedRound()),
        status.driver().isEmpty() ? "none yet" : status.driver());
    common.write(status);
    return 0;
  }
}
