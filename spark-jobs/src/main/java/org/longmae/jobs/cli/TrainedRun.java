package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.conf.RunConfig.Task;
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
    if (run.config().task() != Task.PRETRAIN) {
      throw new ConfigException(
          "task", "[" + root + "] must be a run that pre-trained but is one that fine-tuned");
    }
    Path weights =
        run.newestWeights()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "", "[" + root + "] has no checkpoint yet; let longmae pretrain finish"));
    return new TrainedRun(run.config(), weights);
  }

  /**
   * The configuration with settings over it.
   *
   * @param allowed beginnings of keys that may be set, as the run is what it is
   * @param command that they were given to
   */
  RunConfig with(List<String> settings, List<String> allowed, String command) {
    ConfigLoader loader = new ConfigLoader().text(ConfigLoader.render(config), "config.conf");
    for (String setting : settings) {
      if (allowed.stream().noneMatch(setting::startsWith)) {
        throw new ConfigException(
            "",
            String.format(
                "%s --set must be of %s, as a trained run is what it is, but was \"%s\"",
                command, String.join(" or ", allowed).replaceAll("\\.( |$)", "$1"), setting));
      }
      loader.set(setting);
    }
    return loader.run();
  }
}
