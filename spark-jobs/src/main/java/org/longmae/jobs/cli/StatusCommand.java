package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.RunStatus;
import org.longmae.jobs.sweep.SweepFiles;
import org.longmae.jobs.sweep.SweepStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code longmae status}. */
@Command(
    name = "status",
    description =
        "Says how a run or the points of a sweep stand, from files alone: no Spark, no driver is"
            + " asked.")
public final class StatusCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "DIR", description = "Run directory, or sweep directory.")
  private String folder;

  @Override
  public Integer call() throws Exception {
    Path root = FileSystems.qualified(folder);
    FileSystem fs = root.getFileSystem(FileSystems.configuration());
    if (SweepFiles.isSweep(fs, root)) {
      sweep(root, new SweepFiles(fs, root).status());
    } else {
      run(root, RunStatus.of(RunDirectory.existing(fs, root)));
    }
    return 0;
  }

  private void sweep(Path root, SweepStatus status) throws IOException {
    System.out.printf(
        "%s: %d of %d points finished, %d failed; %d at a time%n",
        root,
        status.count("finished"),
        status.points().size(),
        status.count("failed"),
        status.parallel());
    int width = status.points().stream().mapToInt(point -> point.name().length()).max().orElse(0);
    for (SweepStatus.Point point : status.points()) {
      System.out.printf(
          "  %-" + width + "s  %-8s  %s%n", point.name(), point.state(), words(point));
    }
    common.write(status);
  }

  private static String words(SweepStatus.Point point) {
    RunStatus run = point.run();
    if (!point.failure().isEmpty()) {
      return point.failure();
    }
    if (run == null) {
      return "";
    }
    String step =
        String.format(
            Locale.ROOT, "step %d of %d, epoch %.1f", run.step(), run.steps(), run.epoch());
    return run.loss() == null
        ? step
        : step
            + String.format(
                Locale.ROOT,
                ", loss %.4f, %.0f images/s, %.0f s left",
                run.loss(),
                run.imagesPerSecond(),
                run.secondsLeft());
  }

  private void run(Path root, RunStatus status) throws IOException {
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
  }
}
