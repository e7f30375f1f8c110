package org.longmae.jobs.cli;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;

/** A run's configuration and the weights of its newest checkpoint. */
record TrainedRun(RunConfig config, Path weights) {
  /**
   * Looks into a run directory.
   *
   * @throws ConfigException if it is none, or has no checkpoint yet
   */
  static TrainedRun at(String folder) throws IOException {
    Path root = FileSystems.qualified(folder);
    RunDirectory run = RunDirectory.existing(root.getFileSystem(FileSystems.configuration()), root);
    Path weights =
        run.newestWeights()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "", "[" + root + "] has no checkpoint yet; let longmae pretrain finish"));
    return new TrainedRun(run.config(), weights);
  }
}
