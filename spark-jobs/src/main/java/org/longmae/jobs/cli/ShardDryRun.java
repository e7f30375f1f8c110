package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.SizeSample;
import org.longmae.data.source.SourceListing;

/**
 * What {@code longmae shard} would make of a source, from its listing and a look at some pictures.
 *
 * @param classes number of class names
 * @param annotationBytes about what annotations take
 * @param sourceBytes of all files
 * @param expectedBytes of the set, before duplicates are dropped
 * @param sample the pictures that were looked at
 */
record ShardDryRun(
    String source,
    int train,
    int validation,
    int classes,
    long annotationBytes,
    int files,
    long sourceBytes,
    long expectedBytes,
    SizeSample sample) {
  /** About what a row takes besides its picture and annotations. */
  private static final int BYTES_A_ROW = 200;

  private static final double GIB = 1 << 30;

  static ShardDryRun of(
      String source, Configuration hadoop, SourceListing listing, RunConfig config)
      throws IOException {
    SizeSample sample = SizeSample.looked(hadoop, listing, config.data());
    double planned = SizeSample.of(hadoop, listing, config.data()).shrinkage();
    List<ShardPlan> plans = ShardPlan.of(listing, config.data(), config.randomness(), planned);
    long annotations = listing.entries().stream().mapToLong(e -> e.annotations().bytes()).sum();
    long bytes = listing.entries().stream().mapToLong(e -> e.bytes()).sum();
    return new ShardDryRun(
        source,
        count(plans, ShardPlan.TRAIN),
        count(plans, ShardPlan.VALIDATION),
        listing.classNames().size(),
        annotations,
        plans.size(),
        bytes,
        Math.round(bytes * sample.shrinkage())
            + (long) BYTES_A_ROW * listing.entries().size()
            + annotations,
        sample);
  }

  private static int count(List<ShardPlan> plans, String split) {
    return plans.stream()
        .filter(plan -> plan.split().equals(split))
        .mapToInt(plan -> plan.pictures().size())
        .sum();
  }

  /** For a person. */
  String text() {
    return String.format(
        "%s: %d training and %d held-out pictures, %d classes, %.2f GiB of annotations%n"
            + "%.2f GiB of files would become about %.2f GiB in %d shards; of %d pictures looked at"
            + " %d were unreadable%nnothing was written",
        source,
        train,
        validation,
        classes,
        annotationBytes / GIB,
        sourceBytes / GIB,
        expectedBytes / GIB,
        files,
        sample.looked(),
        sample.unreadable());
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dry_run", true);
    json.put("source", source);
    json.put("train", train);
    json.put("validation", validation);
    json.put("classes", classes);
    json.put("annotation_bytes", annotationBytes);
    json.put("files", files);
    json.put("source_bytes", sourceBytes);
    json.put("expected_bytes", expectedBytes);
    json.put("looked_at", sample.looked());
    json.put("unreadable_of_these", sample.unreadable());
    return json;
  }
}
