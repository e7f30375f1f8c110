package org.longmae.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Finished points that differ in nothing but their seed. A sweep names what differs between points,
 * so these have one name but for {@code -seedN}.
 *
 * @param name what they are called without the seed
 * @param points at least one, lowest seed first
 */
record Setting(String name, List<PointReport> points) {
  private static final String SEED = "-seed-?\\d+$";

  /** The settings of points, in the order in which their first points come. */
  static List<Setting> of(List<PointReport> points) {
    Map<String, List<PointReport>> byName = new LinkedHashMap<>();
    for (PointReport point : points) {
      String name = point.name().replaceFirst(SEED, "");
      byName.computeIfAbsent(name, absent -> new ArrayList<>()).add(point);
    }
    List<Setting> settings = new ArrayList<>();
    byName.forEach(
        (name, group) ->
            settings.add(
                new Setting(
                    name,
                    group.stream().sorted(Comparator.comparingLong(PointReport::seed)).toList())));
    return settings;
  }

  /** Whether it was run with more than one seed. */
  boolean repeated() {
    return points.size() > 1;
  }

  /** The accuracies of its runs in that evaluation; of those that have it. */
  Sample accuracies(String score) {
    return new Sample(
        points.stream()
            .flatMap(point -> point.score(score).stream())
            .mapToDouble(Score::accuracy)
            .toArray());
  }

  /** What these are compared with, without pre-training. */
  Sample untrained(String score) {
    return new Sample(
        points.stream()
            .flatMap(point -> point.score(score).stream())
            .mapToDouble(Score::untrained)
            .toArray());
  }

  /** The held-out losses of its runs at their ends. */
  Sample heldOutLosses() {
    return new Sample(
        points.stream().flatMapToDouble(point -> point.heldOutLoss().stream()).toArray());
  }

  /**
   * One standard error of the mean accuracy: of the pictures, which are the same for all seeds, and
   * of the seeds. What one seed alone would move by is not known.
   */
  double standardError(String score) {
    double ofPictures =
        points.stream()
            .flatMap(point -> point.score(score).stream())
            .mapToDouble(Score::standardError)
            .average()
            .orElse(0);
    Sample accuracies = accuracies(score);
    return Math.hypot(ofPictures, accuracies.deviation() / Math.sqrt(accuracies.size()));
  }

  /**
   * A few numbers of one kind.
   *
   * @param values may be empty
   */
  record Sample(double[] values) {
    int size() {
      return values.length;
    }

    double mean() {
      return DoubleStream.of(values).average().orElse(Double.NaN);
    }

    /** The standard deviation, with n − 1; 0 of fewer than two. */
    double deviation() {
      if (values.length < 2) {
        return 0;
      }
      double mean = mean();
      double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
      return Math.sqrt(squares / (values.length - 1));
    }

    double lowest() {
      return DoubleStream.of(values).min().orElse(Double.NaN);
    }

    double highest() {
      return DoubleStream.of(values).max().orElse(Double.NaN);
    }
  }
}
