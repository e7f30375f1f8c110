package org.longmae.jobs.sweep;

import java.util.List;
import org.longmae.jobs.run.RunStatus;

/**
 * How the points of a sweep stand.
 *
 * @param parallel points at a time
 */
public record SweepStatus(int parallel, List<Point> points) {
  /**
   * One point.
   *
   * @param state {@code waiting}, one of {@link RunStatus}, {@code trained} where evaluation is not
   *     done yet, {@code finished} or {@code failed}
   * @param run how its training stands; null before it starts
   * @param failure why it failed; empty if it did not
   */
  public record Point(String name, String state, RunStatus run, String failure) {}

  /** Points in a state. */
  public long count(String state) {
    return points.stream().filter(point -> point.state().equals(state)).count();
  }
}
