package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.util.List;

/**
 * How the points of a sweep are run.
 *
 * @param points the runs, each checked; in the order in which they are reported
 * @param parallel points that train at a time, at least 1
 * @param budget what is equal between points
 */
public record SweepConfig(List<RunConfig> points, int parallel, Budget budget) {
  /** What every point may use up. */
  public enum Budget {
    /** Each point has the epochs that it is configured with. */
    EPOCHS,
    /** Each point has as many epochs as take the arithmetic of the first point. */
    FLOPS
  }

  public SweepConfig {
    require(parallel >= 1, "sweep.parallel", "must be at least 1 but was %s", parallel);
    points = List.copyOf(points);
  }
}
