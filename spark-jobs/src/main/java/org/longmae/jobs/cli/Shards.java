package org.longmae.jobs.cli;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.conf.RunConfig.Task;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.FileSystems;

/** Checks, before Spark starts, that a run has pictures to train on. */
final class Shards {
  private Shards() {}

  /**
   * The run, its shard set named by an absolute path, so that it is found from any folder later.
   *
   * @throws ConfigException if {@code data.shards} is not set, or the run is to fine-tune
   * @throws org.longmae.data.shard.ShardException if it is no shard set, or too small for a batch
   */
  static RunConfig checked(RunConfig config) throws IOException {
    if (config.task() != Task.PRETRAIN) {
      throw new ConfigException(
          "task", "task must be pretrain here; runs that fine-tune are made by: longmae finetune");
    }
    if (config.data().shards().isEmpty()) {
      throw new ConfigException(
          "data.shards",
          "data.shards must name a shard set but is empty; make one with: longmae shard");
    }
    Path folder = FileSystems.qualified(config.data().shards());
    ShardManifest manifest =
        ShardManifest.read(folder.getFileSystem(FileSystems.configuration()), folder);
    TrainingLoader.stepsPerEpoch(manifest, config);
    return config.withShards(folder.toString());
  }
}
