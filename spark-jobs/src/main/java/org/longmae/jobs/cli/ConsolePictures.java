package org.longmae.jobs.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.longmae.jobs.shard.ShardProgress;

/** Shows sharding as a bar on a terminal, as a line every few seconds elsewhere. */
final class ConsolePictures implements ShardProgress {
  private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final long startNanos = System.nanoTime();
  private long lastLine = startNanos;
  private long startedFrom = -1;
  private ProgressBar bar;

  @Override
  public void at(long done, long total, long leftOut) {
    if (startedFrom < 0) {
      startedFrom = done;
    }
    if (System.console() != null) {
      show(done, total, leftOut);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLine > LINE_NANOS) {
      lastLine = now;
      System.err.printf(
          "shard  %d/%d pictures  %d left out  %.0f pictures/s%n",
          done, total, leftOut, (done - startedFrom) / ((now - startNanos) * 1e-9));
    }
  }

  private void show(long done, long total, long leftOut) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("shard")
              .setInitialMax(total)
              .startsFrom(done, Duration.ZERO)
              .setUnit(" pictures", 1)
              .setStyle(ProgressBarStyle.ASCII)
              .build();
    }
    bar.setExtraMessage(leftOut + " left out");
    bar.stepTo(done);
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
    }
  }
}
