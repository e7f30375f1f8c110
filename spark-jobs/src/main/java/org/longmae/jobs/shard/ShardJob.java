package org.longmae.jobs.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ConfigException;
import org.longmae.conf.PrepareConfig;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.Quarantine;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardOrigin;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardResult;
import org.longmae.data.shard.SizeSample;
import org.longmae.data.shard.UnfinishedSet;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceListing;
import org.longmae.data.source.SourceSettings;
import org.longmae.data.source.Workspace;
import org.longmae.jobs.platform.Version;

/**
 * Turns a source of pictures into a shard set: list, drop duplicates, plan, one task a shard file,
 * manifest last.
 *
 * <p>Input: a folder or an archive of pictures, in any layout of {@link PictureSource}. Output:
 * Parquet files, {@code manifest.json}, {@code quarantine.jsonl} if pictures were left out, {@code
 * _SUCCESS}. Killed and run again, it goes on with the shards that are not in place; run again on a
 * finished set, it does nothing. A set of another source or other settings is refused. With too
 * many unreadable pictures it stops as soon as that is certain; with a higher limit the next call
 * goes on. Example:
 *
 * <pre>
 *   deploy/bin/longmae shard --images pictures --out shards
 * </pre>
 */
public final class ShardJob {
  private final RunConfig config;
  private final Path source;
  private final SourceSettings settings;
  private final Path target;
  private final ShardProgress progress;

  /** Shards of {@code source} in the folder {@code target}. */
  public ShardJob(RunConfig config, Path source, Path target) {
    this(config, source, SourceSettings.DEFAULT, target, ShardProgress.NONE);
  }

  /** The same of a source that is read otherwise, watched. */
  public ShardJob(
      RunConfig config, Path source, SourceSettings settings, Path target, ShardProgress progress) {
    this.config = config;
    this.source = source;
    this.settings = settings;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Makes the set, or finds it made.
   *
   * @throws BadDataException if more pictures are unreadable than {@code data.max-bad-fraction}
   * @throws IOException if the source cannot be listed or the target not written
   */
  public BuildShardsResult run(JavaSparkContext spark) throws IOException {
    Optional<BuildShardsResult> made = made(spark.hadoopConfiguration());
    return made.isPresent() ? made.get() : make(spark);
  }

  /**
   * The set if it is finished. Needs no Spark and looks at no picture.
   *
   * @throws ConfigException if there is a set of another source or other settings
   */
  public Optional<BuildShardsResult> made(Configuration hadoop) throws IOException {
    FileSystem fs = target.getFileSystem(hadoop);
    if (!ShardManifest.isFinished(fs, target)) {
      return Optional.empty();
    }
    ShardManifest manifest = ShardManifest.read(fs, target);
    Optional<String> difference = manifest.origin().difference(origin(hadoop));
    if (difference.isPresent()) {
      throw new ConfigException(
          "", String.format("[%s] shard set %s; choose another --out", target, difference.get()));
    }
    // Where the last call was killed behind its commit.
    UnfinishedSet.in(fs, target).forget();
    List<Quarantined> leftOut = Quarantine.read(fs, target);
    return Optional.of(
        new BuildShardsResult(
            uri(hadoop, target), manifest, leftOut, manifest.files().size(), 0, false));
  }

  /**
   * Looks for the source, without listing it and without Spark.
   *
   * @throws org.longmae.data.source.SourceException if there is none
   */
  public PictureSource source(Configuration hadoop) throws IOException {
    return PictureSource.at(source.getFileSystem(hadoop), source, settings);
  }

  private BuildShardsResult make(JavaSparkContext spark) throws IOException {
    long start = System.nanoTime();
    Configuration hadoop = spark.hadoopConfiguration();
    FileSystem fs = target.getFileSystem(hadoop);
    Broadcast<SerializableConfiguration> shared =
        spark.broadcast(new SerializableConfiguration(hadoop));
    Workspace work =
        new Workspace(
            fs,
            UnfinishedSet.workspace(target),
            archives -> UnpackArchive.all(spark, shared, archives));
    UnfinishedSet set = UnfinishedSet.in(fs, target);
    ShardOrigin origin = origin(hadoop);
    SourceListing listing = source(hadoop).list(work);
    List<ShardResult> reused = set.begin(origin, listing);

    SortedMap<String, String> duplicates = duplicates(spark, shared, set, listing);
    SourceListing kept = without(listing, duplicates);
    List<ShardPlan> plans =
        ShardPlan.of(
            kept,
            config.data(),
            config.randomness(),
            SizeSample.of(hadoop, kept, config.data()).shrinkage());
    spark.setJobDescription("shard: " + kept.entries().size() + " pictures of " + origin.source());
    ShardRun run = new ShardRun(config.data(), target, plans, reused, before(listing), progress);
    List<ShardResult> results = finish(run, fs, spark, shared);

    List<Quarantined> leftOut = leftOut(results, listing, duplicates);
    Quarantine.write(fs, target, leftOut);
    ShardManifest manifest =
        ShardManifest.of(
            origin, listing.classNames(), results, duplicates.size(), listing.leftOut().size());
    manifest.write(fs, target);
    set.forget();
    return new BuildShardsResult(
        uri(hadoop, target),
        manifest,
        leftOut,
        reused.size(),
        (System.nanoTime() - start) * 1e-9,
        true);
  }

  private List<ShardResult> finish(
      ShardRun run,
      FileSystem fs,
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> hadoop)
      throws IOException {
    try {
      return run.results(spark, hadoop, uri(spark.hadoopConfiguration(), target));
    } catch (TooManyBadException e) {
      Quarantine.write(fs, target, e.pictures());
      Quarantined first = Quarantine.sorted(e.pictures()).get(0);
      throw new BadDataException(
          String.format(
              Locale.ROOT,
              "[%s] unreadable pictures must be at most data.max-bad-fraction (%s of %d) but were"
                  + " %d when it was stopped, for example %s: %s; all of them: %s",
              source,
              config.data().maxBadFraction(),
              run.pictures(),
              e.pictures().size(),
              first.path(),
              first.reason(),
              new Path(target, Quarantine.NAME)));
    }
  }

  private SortedMap<String, String> duplicates(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> hadoop,
      UnfinishedSet set,
      SourceListing listing)
      throws IOException {
    if (config.data().prepare().duplicates() == PrepareConfig.Duplicates.KEEP) {
      return new TreeMap<>();
    }
    Optional<SortedMap<String, String>> known = set.duplicates();
    if (known.isPresent()) {
      return known.get();
    }
    SortedMap<String, String> found =
        FindDuplicates.among(spark, hadoop, listing.entries(), config.data().limits());
    set.recordDuplicates(found);
    return found;
  }

  private static SourceListing without(SourceListing listing, SortedMap<String, String> dropped) {
    List<SourceEntry> kept =
        listing.entries().stream().filter(entry -> !dropped.containsKey(entry.name())).toList();
    return new SourceListing(kept, listing.classNames(), listing.leftOut());
  }

  private static List<Quarantined> before(SourceListing listing) {
    return listing.leftOut().stream()
        .map(left -> new Quarantined(left.place(), left.reason(), ""))
        .toList();
  }

  private static List<Quarantined> leftOut(
      List<ShardResult> results, SourceListing listing, SortedMap<String, String> duplicates) {
    List<Quarantined> leftOut = new ArrayList<>(before(listing));
    results.forEach(result -> leftOut.addAll(result.quarantined()));
    Set<String> dropped = new HashSet<>(duplicates.keySet());
    for (SourceEntry entry : listing.entries()) {
      if (dropped.contains(entry.name())) {
        String reason = "duplicate of " + duplicates.get(entry.name());
        leftOut.add(new Quarantined(entry.path(), reason, ""));
      }
    }
    return Quarantine.sorted(leftOut);
  }

  private ShardOrigin origin(Configuration hadoop) throws IOException {
    return ShardOrigin.of(Version.current(), settings.describe(uri(hadoop, source)), config);
  }

  private static String uri(Configuration hadoop, Path path) throws IOException {
    return path.getFileSystem(hadoop).makeQualified(path).toString();
  }
}
