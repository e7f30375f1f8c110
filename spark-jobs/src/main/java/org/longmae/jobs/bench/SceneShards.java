package org.longmae.jobs.bench;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.shard.ScenesJob;
import org.longmae.jobs.shard.ShardJob;

/**
 * Shards of scenes that are made for a measurement.
 *
 * @param folder of the shards
 */
record SceneShards(Path folder, ShardManifest manifest) {
  /** Makes them below {@code out}, in place of what a measurement has left there before. */
  static SceneShards make(JavaSparkContext spark, RunConfig base, Path out, int scenes)
      throws IOException {
    FileSystem fs = out.getFileSystem(spark.hadoopConfiguration());
    Path pictures = new Path(out, "scenes");
    Path shards = new Path(out, "shards");
    fs.delete(pictures, true);
    fs.delete(shards, true);
    new ScenesJob(base.randomness(), scenes, 64, 48, pictures).run(spark);
    new ShardJob(base, pictures, shards).run(spark);
    return new SceneShards(fs.makeQualified(shards), ShardManifest.read(fs, shards));
  }
}
