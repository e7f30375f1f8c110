package org.longmae.jobs.plan;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Times something that is done again and again and becomes faster at first, as code does in a JVM.
 */
final class Pace {
  private static final double WINDOW_SECONDS = 1.5;

  /** A window that is not shorter than the one before by this much: it does not become faster. */
  private static final double GAIN = 0.03;

  private static final int MOST_WINDOWS = 8;

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
    long done = 0;
    for (int window = 0; window < MOST_WINDOWS; window++) {
      long before = done;
      long start = nanos.getAsLong();
      double seconds;
      do {
        work.accept(done++);
        seconds = (nanos.getAsLong() - start) * 1e-9;
      } while (seconds < WINDOW_SECONDS);
      double each = seconds / (done - before);
      if (each > (1 - GAIN) * best) {
        return Math.min(best, each);
      }
      best = each;
    }
    return best;
  }
}
