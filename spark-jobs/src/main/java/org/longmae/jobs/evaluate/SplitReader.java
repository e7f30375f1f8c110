package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.EvaluationLoader;
import org.longmae.data.shard.ShardManifest;

/**
 * The pictures of one split, as evaluation sees them.
 *
 * @param shards URI of the shard set's folder
 * @param split "train" or "validation"
 * @param limit pictures at most
 */
record SplitReader(RunConfig config, ShardManifest manifest, String shards, String split, int limit)
    implements Serializable {
  /** Opens a reader from the first picture on; the caller closes it. */
  EvaluationLoader open(Configuration hadoop) throws IOException {
    Path folder = new Path(shards);
    return EvaluationLoader.open(
        folder.getFileSystem(hadoop),
        folder,
        manifest,
        split,
        config.image(),
        config.evaluate().batch(),
        limit);
  }
}
