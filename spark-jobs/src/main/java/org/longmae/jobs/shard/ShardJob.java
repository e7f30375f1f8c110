package org.longmae.jobs.shard;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardResult;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceListing;
import org.longmae.data.source.SourceSettings;
import org.longmae.data.source.Workspace;

/**
 * Turns a source of pictures into a shard set: list, plan, one task a shard file, manifest last.
 *
 * <p>Input: a folder or an archive of pictures, in any layout of {@link PictureSource}. Output:
 * Parquet files, {@code manifest.json}, {@code _SUCCESS}. Run again on a finished set of the same
 * source, it does nothing; a set of another source is refused. Example:
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

  /** Shards of {@code source} in the folder {@code target}. */
  public ShardJob(RunConfig config, Path source, SourceSettings settings, Path target) {
    this.config = config;
    this.source = source;
    this.settings = settings;
    this.target = target;
  }

  /** Shards of all of {@code source}, in the layout that is found. */
  public ShardJob(RunConfig config, Path source, Path target) {
    this(config, source, SourceSettings.DEFAULT, target);
  }

  /**
   * Makes the set, or finds it made.
   *
   * @throws BadDataException if more pictures are unreadable than {@code data.max-bad-fraction}
   * @throws IOException if the source cannot be listed or the target not written
   */
  public BuildShardsResult run(JavaSparkContext spark) throws IOException {
    long start = System.nanoTime();
    Configuration hadoop = spark.hadoopConfiguration();
    FileSystem sourceFs = source.getFileSystem(hadoop);
    FileSystem targetFs = target.getFileSystem(hadoop);
    String sourceUri = settings.describe(sourceFs.makeQualified(source).toString());
    String targetUri = targetFs.makeQualified(target).toString();
    if (targetFs.exists(new Path(target, "_SUCCESS"))) {
      return new BuildShardsResult(targetUri, existing(targetFs, sourceUri), 0, false);
    }

    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(hadoop));
    Workspace work =
        new Workspace(
            targetFs,
            new Path(target, "_source"),
            archives -> UnpackArchive.all(spark, configuration, archives));
    SourceListing listing = PictureSource.at(sourceFs, source, settings).list(work);
    List<ShardPlan> plans = ShardPlan.of(listing, config.data(), config.randomness());
    spark.setJobDescription("shard: " + listing.entries().size() + " pictures of " + sourceUri);
    BuildShards body = new BuildShards(configuration, targetUri);
    List<ShardResult> results = spark.parallelize(plans, plans.size()).map(body).collect();

    ShardManifest manifest =
        ShardManifest.of(
            sourceUri,
            config.seed(),
            config.data().heldOut(),
            listing.classNames(),
            listing.leftOut(),
            results);
    refuseTooManyBad(manifest.quarantined(), listing.entries().size() + listing.leftOut().size());
    work.clear();
    manifest.write(targetFs, target);
    return new BuildShardsResult(targetUri, manifest, (System.nanoTime() - start) * 1e-9, true);
  }

  private ShardManifest existing(FileSystem fs, String sourceUri) throws IOException {
    ShardManifest manifest = ShardManifest.read(fs, target);
    if (!manifest.source().equals(sourceUri)) {
      throw new ConfigException(
          "",
          String.format(
              "[%s] shard set must be of %s but was made from %s; choose another --out",
              target, sourceUri, manifest.source()));
    }
    return manifest;
  }

  private void refuseTooManyBad(List<Quarantined> bad, int pictures) throws BadDataException {
    double limit = config.data().maxBadFraction();
    if (bad.size() > limit * pictures) {
      Quarantined first = bad.stream().min(Comparator.comparing(Quarantined::path)).orElseThrow();
      throw new BadDataException(
          String.format(
              Locale.ROOT,
              "[%s] unreadable pictures must be at most data.max-bad-fraction (%s of %d) but were"
                  + " %d, for example %s: %s",
              source,
              limit,
              pictures,
              bad.size(),
              first.path(),
              first.reason()));
    }
  }
}
