package org.longmae.jobs.inspect;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;

/**
 * Looks at a shard set: a task a file, sums added up on the way. It changes nothing. Example:
 *
 * <pre>
 *   deploy/bin/longmae inspect shards --verify
 * </pre>
 */
public final class InspectJob {
  private final Path folder;
  private final boolean verify;
  private final int pixels;

  /**
   * An inspection.
   *
   * @param folder of the shard set
   * @param verify whether digests, page checksums and counts are held to the manifest
   * @param pixels pictures that are decoded for mean and deviation, at least; 0 for none
   */
  public InspectJob(Path folder, boolean verify, int pixels) {
    this.folder = folder;
    this.verify = verify;
    this.pixels = pixels;
  }

  /**
   * Inspects.
   *
   * @throws IOException if a file cannot be read and damage was not asked for
   */
  public InspectResult run(JavaSparkContext spark) throws IOException {
    FileSystem fs = folder.getFileSystem(spark.hadoopConfiguration());
    ShardManifest manifest = ShardManifest.read(fs, folder);
    List<ShardFile> files = manifest.files();
    String uri = fs.makeQualified(folder).toString();
    spark.setJobDescription("inspect: " + files.size() + " files of " + uri);
    InspectShard body =
        new InspectShard(
            spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())),
            uri,
            verify,
            files.isEmpty() ? 0 : (pixels + files.size() - 1) / files.size());
    ShardSummary summary =
        spark
            .parallelize(files, Math.max(1, files.size()))
            .map(body)
            .fold(ShardSummary.EMPTY, ShardSummary::plus);
    return new InspectResult(uri, manifest, summary, verify);
  }
}
