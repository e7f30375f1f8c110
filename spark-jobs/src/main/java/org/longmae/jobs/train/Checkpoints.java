package org.longmae.jobs.train;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigLoader;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

/** Writes what a checkpoint holds: the weights, and their average where there is one. */
final class Checkpoints {
  private Checkpoints() {}

  /**
   * Writes the engine's weights.
   *
   * @param weights where they belong
   * @param step steps that they have seen
   */
  static void write(RunOnExecutor run, Path weights, MaeEngine engine, long step)
      throws IOException {
    FileSystem fs = run.fileSystem(weights);
    Map<String, String> provenance =
        Map.of(
            "format", "pt",
            "config", ConfigLoader.render(run.config()),
            "shards", run.shardDigest(),
            "step", Long.toString(step));
    if (engine.vectors().contains(StateVector.AVERAGE)) {
      // The average first: a checkpoint that is found by its weights is whole.
      Path average = RunDirectory.average(weights);
      Safetensors.write(fs, average, engine, StateVector.AVERAGE, provenance);
    }
    Safetensors.write(fs, weights, engine, StateVector.PARAMETERS, provenance);
  }
}
