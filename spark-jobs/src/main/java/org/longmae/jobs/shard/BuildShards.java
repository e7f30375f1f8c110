package org.longmae.jobs.shard;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.DataConfig;
import org.longmae.data.shard.BuildWatch;
import org.longmae.data.shard.ShardBuilder;
import org.longmae.data.shard.ShardOutcome;
import org.longmae.data.shard.ShardPlan;

/**
 * What an executor runs for one shard file. Its outcome goes through an accumulator, so that the
 * driver sees it as soon as the task has ended: Spark adds what the task of an action gives once,
 * however often it was tried.
 */
final class BuildShards implements VoidFunction<ShardPlan> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final String directory;
  private final DataConfig config;
  private final long mostBad;
  private final ShardCounters counters;
  private final CollectionAccumulator<ShardOutcome> outcomes;

  BuildShards(
      Broadcast<SerializableConfiguration> hadoop,
      String directory,
      DataConfig config,
      long mostBad,
      ShardCounters counters,
      CollectionAccumulator<ShardOutcome> outcomes) {
    this.hadoop = hadoop;
    this.directory = directory;
    this.config = config;
    this.mostBad = mostBad;
    this.counters = counters;
    this.outcomes = outcomes;
  }

  @Override
  public void call(ShardPlan plan) throws IOException {
    Path folder = new Path(directory);
    TaskContext task = TaskContext.get();
    BuildWatch watch =
        new BuildWatch() {
          @Override
          public void stored(long bytes, boolean encodedAgain) {
            counters.stored(bytes, encodedAgain);
          }

          @Override
          public void leftOut() {
            counters.leftOut();
          }

          @Override
          public boolean isStopped() {
            return task.isInterrupted();
          }
        };
    outcomes.add(
        ShardBuilder.build(
            folder.getFileSystem(hadoop.value().value()), folder, plan, config, mostBad, watch));
  }
}
