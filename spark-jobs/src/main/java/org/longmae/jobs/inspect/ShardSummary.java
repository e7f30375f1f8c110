package org.longmae.jobs.inspect;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.source.SourceEntry;

/**
 * What is in some shard files; of damaged ones, only the damage.
 *
 * @param pictures rows
 * @param labels pictures by index into the class names, without those that have no label
 * @param annotated pictures with at least one object
 * @param problems damage that was found, each with its file
 */
public record ShardSummary(
    long pictures,
    Map<Integer, Long> labels,
    Sizes widths,
    Sizes heights,
    long annotated,
    ObjectCounts objects,
    PixelStatistics pixels,
    List<String> problems)
    implements Serializable {
  static final ShardSummary EMPTY =
      new ShardSummary(
          0,
          Map.of(),
          Sizes.NONE,
          Sizes.NONE,
          0,
          ObjectCounts.NONE,
          PixelStatistics.NONE,
          List.of());

  public ShardSummary {
    labels = new TreeMap<>(labels);
    problems = List.copyOf(problems);
  }

  /** Of one row; its picture is not looked at. */
  static ShardSummary of(ShardRow row) {
    return new ShardSummary(
        1,
        row.label() == SourceEntry.NO_LABEL ? Map.of() : Map.of(row.label(), 1L),
        Sizes.of(row.width()),
        Sizes.of(row.height()),
        row.objects().isEmpty() ? 0 : 1,
        row.objects().stream().map(ObjectCounts::of).reduce(ObjectCounts.NONE, ObjectCounts::plus),
        PixelStatistics.NONE,
        List.of());
  }

  static ShardSummary of(PixelStatistics pixels) {
    return new ShardSummary(
        0, Map.of(), Sizes.NONE, Sizes.NONE, 0, ObjectCounts.NONE, pixels, List.of());
  }

  static ShardSummary damaged(List<String> problems) {
    return new ShardSummary(
        0, Map.of(), Sizes.NONE, Sizes.NONE, 0, ObjectCounts.NONE, PixelStatistics.NONE, problems);
  }

  ShardSummary plus(ShardSummary other) {
    List<String> all = new ArrayList<>(problems);
    all.addAll(other.problems);
    return new ShardSummary(
        pictures + other.pictures,
        Counts.plus(labels, other.labels),
        widths.plus(other.widths),
        heights.plus(other.heights),
        annotated + other.annotated,
        objects.plus(other.objects),
        pixels.plus(other.pixels),
        all);
  }
}
