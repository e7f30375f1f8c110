package org.longmae.jobs.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up what tasks write for other tasks and send to the driver. */
final class TaskBytes extends SparkListener {
  private final AtomicLong bytes = new AtomicLong();

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskMetrics() != null) {
      bytes.addAndGet(
          end.taskMetrics().shuffleWriteMetrics().bytesWritten() + end.taskMetrics().resultSize());
    }
  }

  long bytes() {
    return bytes.get();
  }
}
