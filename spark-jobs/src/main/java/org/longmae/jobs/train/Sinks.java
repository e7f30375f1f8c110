package org.longmae.jobs.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.longmae.jobs.run.EventFile;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a run's measurements go: {@code metrics.jsonl} and an event file for TensorBoard. A sink
 * that fails is named in the log, once in a row, and never stops training.
 */
final class Sinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);

  private final RunDirectory run;
  private final RoundPlan plan;
  private final EventFile events;
  private boolean eventsFail;
  private boolean metricsFail;

  /**
   * Opens the sinks of a driver.
   *
   * @param number of the driver
   * @param step at which it goes on
   */
  Sinks(RunDirectory run, RoundPlan plan, long number, long step) {
    this.run = run;
    this.plan = plan;
    events = open(number, step);
  }

  /** What was measured before, up to and including a round; what cannot be read is left out. */
  static List<RoundMetrics> earlier(RunDirectory run, int round) {
    try {
      return run.metrics().upTo(round);
    } catch (IOException e) {
      LOG.warn("[{}] earlier rounds cannot be read: {}", run.root(), e.getMessage());
      return new ArrayList<>();
    }
  }

  /** Adds a round to what TensorBoard shows: at once, that is before it is committed. */
  void measured(RoundMetrics round) {
    if (events == null) {
      return;
    }
    try {
      double now = now();
      long step = round.step() - round.losses().size();
      for (float loss : round.losses()) {
        double rate = plan.rate(step);
        step++;
        events.scalars(now, step, values("loss", loss, "learning_rate", rate));
      }
      events.scalars(
          now,
          step,
          values(
              "images_per_second",
              round.imagesPerSecond(),
              "data_wait_share",
              round.waitSeconds() / round.seconds(),
              "epoch",
              round.epoch(),
              "workers",
              round.workers()));
      events.flush();
      eventsFail = false;
    } catch (IOException e) {
      eventsFail = warn(eventsFail, "events.out.tfevents", e);
    }
  }

  /** Replaces {@code metrics.jsonl}. */
  void write(List<RoundMetrics> rounds) {
    try {
      run.metrics().write(rounds);
      metricsFail = false;
    } catch (IOException e) {
      metricsFail = warn(metricsFail, "metrics.jsonl", e);
    }
  }

  @Override
  public void close() {
    try {
      if (events != null) {
        events.close();
      }
    } catch (IOException e) {
      warn(eventsFail, "events.out.tfevents", e);
    }
  }

  private EventFile open(long number, long step) {
    try {
      return EventFile.open(run.fileSystem(), run.root(), number, now(), step);
    } catch (IOException e) {
      warn(false, "events.out.tfevents", e);
      return null;
    }
  }

  private boolean warn(boolean again, String what, IOException failure) {
    if (!again) {
      LOG.warn(
          "[{}/{}] cannot be written, training goes on: {}",
          run.root(),
          what,
          failure.getMessage());
    }
    return true;
  }

  private static Map<String, Double> values(Object... pairs) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
    }
    return values;
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }
}
