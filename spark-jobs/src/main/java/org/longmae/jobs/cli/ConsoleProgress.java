package org.longmae.jobs.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.train.Progress;

/** Shows training as a bar on a terminal, as a line every few seconds elsewhere. */
final class ConsoleProgress implements Progress {
  private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final String name;
  private final boolean lines;
  private ProgressBar bar;
  private long startNanos;
  private long startStep;
  private long lastLine;

  ConsoleProgress(String name) {
    this(name, false);
  }

  /**
   * Shows something of that name.
   *
   * @param aside whether others are shown beside it: bars would overwrite each other
   */
  ConsoleProgress(String name, boolean aside) {
    this.name = name;
    this.lines = aside || System.console() == null;
  }

  @Override
  public void start(long totalSteps, long doneSteps) {
    startNanos = System.nanoTime();
    lastLine = startNanos;
    startStep = doneSteps;
    if (!lines && doneSteps < totalSteps) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(totalSteps)
              .startsFrom(doneSteps, Duration.ZERO)
              .setUnit(" steps", 1)
              .setStyle(ProgressBarStyle.ASCII)
              .build();
    }
  }

  @Override
  public void round(RoundMetrics metrics, long totalSteps) {
    if (bar != null) {
      bar.setExtraMessage(state(metrics));
      bar.stepTo(metrics.step());
      return;
    }
    long now = System.nanoTime();
    boolean last = metrics.step() == totalSteps;
    if (last || now - lastLine > LINE_NANOS) {
      lastLine = now;
      System.err.printf(
          Locale.ROOT,
          "%s  step %d/%d  epoch %.1f  %s  ETA %s%n",
          name,
          metrics.step(),
          totalSteps,
          metrics.epoch(),
          state(metrics),
          eta(metrics.step(), totalSteps, now));
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
    }
  }

  private static String state(RoundMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "loss %.4f  %.0f images/s  waiting for data %.1f %%",
        metrics.meanLoss(),
        metrics.imagesPerSecond(),
        100 * metrics.waitSeconds() / metrics.seconds());
  }

  private String eta(long step, long totalSteps, long now) {
    double secondsAStep = (now - startNanos) * 1e-9 / Math.max(1, step - startStep);
    long seconds = Math.round(secondsAStep * (totalSteps - step));
    return String.format("%d:%02d", seconds / 60, seconds % 60);
  }
}
