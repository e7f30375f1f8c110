package org.longmae.jobs.plan;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Times something that is done again and again and becomes faster at first, as code does in a JVM.
 */
final class Pace {
  private static final double WINDOW_SECONDS = 1.5;

  /** A window that is this much faster than all before says that it still becomes faster. */
  private static final double GAIN = 0.03;

  /** So many windows in a row without a gain are its end; one may be another process's doing. */
  private static final int ENOUGH = 2;

  /** As long as the JVM's compiler may still take a core from what it compiles. */
  private static final double LEAST_SECONDS = 10;

  private static final int MOST_WINDOWS = 12;

  private Pace() {}

  /**
   * Seconds that one takes once they do not become shorter.
   *
   * @param work given how many were done before
   */
  static double settled(LongConsumer work) {
    return settled(work, System::nanoTime);
  }

  /** By another clock. */
  static double settled(LongConsumer work, LongSupplier nanos) {
    double best = Double.POSITIVE_INFINITY;
    double all = 0;
    int idle = 0;
    long done = 0;
    for (int i = 0; i < MOST_WINDOWS && (idle < ENOUGH || all < LEAST_SECONDS); i++) {
      long before = done;
      long start = nanos.getAsLong();
      double seconds;
      do {
        work.accept(done++);
        seconds = (nanos.getAsLong() - start) * 1e-9;
      } while (seconds < WINDOW_SECONDS);
      all += seconds;
      double each = seconds / (done - before);
      idle = each > (1 - GAIN) * best ? idle + 1 : 0;
      best = Math.min(best, each);
    }
    return best;
  }
}
