package org.longmae.jobs.shard;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.data.shard.ShardBuilder;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardResult;

/** What an executor runs for one shard file. */
final class BuildShards implements Function<ShardPlan, ShardResult> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final String directory;

  BuildShards(Broadcast<SerializableConfiguration> hadoop, String directory) {
    this.hadoop = hadoop;
    this.directory = directory;
  }

  @Override
  public ShardResult call(ShardPlan plan) throws IOException {
    Path folder = new Path(directory);
    return ShardBuilder.build(folder.getFileSystem(hadoop.value().value()), folder, plan);
  }
}
