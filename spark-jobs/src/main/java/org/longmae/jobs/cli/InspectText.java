package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.longmae.jobs.inspect.InspectResult;
import org.longmae.jobs.inspect.ObjectCounts;
import org.longmae.jobs.inspect.PixelStatistics;
import org.longmae.jobs.inspect.ShardSummary;
import org.longmae.jobs.inspect.Sizes;

/** What is in a shard set, for people and for programs. */
final class InspectText {
  private static final int NAMED_CLASSES = 10;
  private static final int BAR = 40;

  private InspectText() {}

  /** Some lines, without a newline at the end. */
  static String of(InspectResult result) {
    ShardSummary summary = result.summary();
    List<String> lines = new ArrayList<>();
    lines.add("shards " + result.folder() + " of " + result.manifest().origin().source());
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s pictures in %d files, %.1f MiB; %d left out when they were made",
            result.splits().entrySet().stream()
                .map(split -> split.getValue() + " " + split.getKey())
                .collect(Collectors.joining(" + ")),
            result.manifest().files().size(),
            result.bytes() / (double) (1 << 20),
            result.manifest().counts().quarantined()));
    lines.add("  digest " + result.manifest().digest());
    lines.add("  classes: " + classes(result.byName(summary.labels())));
    objects(result, lines);
    pixels(summary.pixels(), lines);
    histogram("width", summary.widths(), summary.pictures(), lines);
    histogram("height", summary.heights(), summary.pictures(), lines);
    if (result.verified()) {
      lines.add(
          summary.problems().isEmpty()
              ? "  verified: every digest and checksum holds"
              : "  damaged (not counted above):");
      summary.problems().forEach(problem -> lines.add("    " + problem));
    }
    return String.join("\n", lines);
  }

  /** The same as values. */
  static Map<String, Object> json(InspectResult result) {
    ShardSummary summary = result.summary();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("folder", result.folder());
    json.put("source", result.manifest().origin().source());
    json.put("digest", result.manifest().digest());
    json.put("files", result.manifest().files().size());
    json.put("bytes", result.bytes());
    json.put("splits", result.splits());
    json.put("pictures", summary.pictures());
    json.put("quarantined", result.manifest().counts().quarantined());
    json.put("classes", result.byName(summary.labels()));
    json.put("widths", sizes(summary.widths(), summary.pictures()));
    json.put("heights", sizes(summary.heights(), summary.pictures()));
    ObjectCounts objects = summary.objects();
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("pictures", summary.annotated());
    annotations.put("objects", objects.count());
    annotations.put("polygons", objects.polygons());
    annotations.put("run_lengths", objects.runLengths());
    annotations.put("crowds", objects.crowds());
    annotations.put("categories", result.byName(objects.categories()));
    json.put("annotations", annotations);
    json.put(
        "pixels",
        Map.of(
            "pictures", summary.pixels().pictures(),
            "mean", summary.pixels().mean(),
            "std", summary.pixels().std()));
    json.put("verified", result.verified());
    json.put("problems", summary.problems());
    return json;
  }

  private static String classes(Map<String, Long> counts) {
    if (counts.isEmpty()) {
      return "none";
    }
    String named =
        counts.entrySet().stream()
            .limit(NAMED_CLASSES)
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
    int more = counts.size() - NAMED_CLASSES;
    return counts.size() + ": " + named + (more > 0 ? ", and " + more + " more" : "");
  }

  private static void objects(InspectResult result, List<String> lines) {
    ObjectCounts objects = result.summary().objects();
    if (objects.count() > 0) {
      lines.add(
          String.format(
              "  objects: %d on %d pictures; masks: %d polygons, %d run lengths; %d crowds",
              objects.count(),
              result.summary().annotated(),
              objects.polygons(),
              objects.runLengths(),
              objects.crowds()));
      lines.add("  categories: " + classes(result.byName(objects.categories())));
    }
  }

  private static void pixels(PixelStatistics pixels, List<String> lines) {
    if (pixels.pictures() > 0) {
      lines.add(
          String.format(
              "  pixels of %d pictures: mean %s, deviation %s",
              pixels.pictures(), thousandths(pixels.mean()), thousandths(pixels.std())));
    }
  }

  private static String thousandths(List<Double> values) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, "%.3f", value))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static void histogram(String side, Sizes sizes, long pictures, List<String> lines) {
    if (pictures == 0) {
      return;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s: %d to %d, mean %.0f",
            side,
            sizes.least(),
            sizes.most(),
            (double) sizes.sum() / pictures));
    long largest = sizes.bins().values().stream().mapToLong(Long::longValue).max().orElse(1);
    sizes
        .bins()
        .forEach(
            (from, count) ->
                lines.add(
                    String.format(
                        "    %5d … %-5d %9d  %s",
                        from,
                        Sizes.next(from) - 1,
                        count,
                        "#".repeat((int) ((count * BAR + largest - 1) / largest)))));
  }

  private static Map<String, Object> sizes(Sizes sizes, long pictures) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("least", sizes.least());
    json.put("most", sizes.most());
    json.put("mean", pictures == 0 ? 0 : (double) sizes.sum() / pictures);
    List<Map<String, Object>> bins = new ArrayList<>();
    sizes
        .bins()
        .forEach(
            (from, count) ->
                bins.add(Map.of("from", from, "to", Sizes.next(from) - 1, "pictures", count)));
    json.put("histogram", bins);
    return json;
  }
}
