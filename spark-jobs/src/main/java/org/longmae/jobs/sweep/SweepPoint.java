package org.longmae.jobs.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.longmae.conf.RunConfig;

/**
 * One run of a sweep.
 *
 * @param name unique in the sweep; its folder's name
 */
public record SweepPoint(String name, RunConfig config) {
  /** Names runs by what a sweep varies; equal names are numbered. */
  public static List<SweepPoint> named(List<RunConfig> configs) {
    Map<String, Integer> seen = new HashMap<>();
    List<SweepPoint> points = new ArrayList<>();
    for (RunConfig config : configs) {
      String name =
          String.format(
              "L%d-I%s-p%d-m%d",
              config.sequenceLength(),
              config.image().size(),
              config.model().patchSize(),
              config.mask().unit());
      int number = seen.merge(name, 1, Integer::sum);
      points.add(new SweepPoint(number == 1 ? name : name + "-" + number, config));
    }
    return List.copyOf(points);
  }
}
