package org.longmae.jobs.report;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything the report of a sweep says; the numbers come from run directories.
 *
 * @param title what the sweep is called
 * @param command what was typed, so that it can be typed again
 * @param machine what it ran on, in words
 * @param dataset where the pictures come from, in words
 * @param trainPictures pictures trained on
 * @param heldOutPictures pictures that points are scored on
 * @param seconds of all points together, evaluation included; of a point that was interrupted,
 *     those of the attempt that finished it
 * @param points in any order; the page sorts them by sequence length
 * @param quarantined pictures that could not be read, "file: reason"
 * @param probeNote why no point has a labelled evaluation; empty if one has
 */
public record SweepReport(
    String title,
    String command,
    String machine,
    String dataset,
    int trainPictures,
    int heldOutPictures,
    double seconds,
    List<PointReport> points,
    List<String> quarantined,
    String probeNote) {

  public SweepReport {
    points = List.copyOf(points);
    quarantined = List.copyOf(quarantined);
    Set<String> names = new HashSet<>();
    for (PointReport point : points) {
      if (!names.add(point.name())) {
        throw new IllegalArgumentException(
            "Names of points must differ but there are two \"" + point.name() + "\"");
      }
    }
  }

  /** All points, shortest sequence first; equal ones by patch size, then by name. */
  List<PointReport> byLength() {
    return points.stream()
        .sorted(
            Comparator.comparingInt(PointReport::sequenceLength)
                .thenComparingInt(PointReport::patchSize)
                .thenComparing(PointReport::name))
        .toList();
  }

  /** The points that have a result, shortest sequence first. */
  List<PointReport> finished() {
    return byLength().stream().filter(point -> !point.failed()).toList();
  }

  /** The names of the labelled evaluations, in the order in which points list them. */
  List<String> scoreNames() {
    return finished().stream()
        .flatMap(point -> point.scores().stream().map(Score::name))
        .distinct()
        .toList();
  }

  /** The points that have the evaluation of that name. */
  Stream<PointReport> scored(String score) {
    return finished().stream().filter(point -> point.score(score).isPresent());
  }

  /** What the page calls a point: its length, and its name where the length is not enough. */
  String label(PointReport point) {
    long sameLength =
        points.stream().filter(p -> p.sequenceLength() == point.sequenceLength()).count();
    String length = String.join(Text.NO_BREAK, "L", "=", Text.count(point.sequenceLength()));
    return sameLength == 1 ? length : length + " (" + Text.shorten(point.name(), 24) + ")";
  }
}
