package org.longmae.jobs.train;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigLoader;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

/** Writes what a checkpoint holds: the weights, and their average where there is one. */
final class Checkpoints {
  private Checkpoints() {}

  /**
   * Writes the engine's weights.
   *
   * @param weights where they belong
   * @param step steps that they have seen
   */
  static void write(RunOnExecutor run, Path weights, TrainingEngine engine, long step)
      throws IOException {
    FileSystem fs = run.fileSystem(weights);
    // In an order: Map.of has another one in each JVM, and the same run must give the same file.
    Map<String, String> provenance = new TreeMap<>();
    provenance.put("format", "pt");
    provenance.put("config", ConfigLoader.render(run.config()));
    provenance.put("shards", run.shardDigest());
    provenance.put("step", Long.toString(step));
    if (engine.vectors().contains(StateVector.AVERAGE)) {
      // The average first: a checkpoint that is found by its weights is whole.
      Path average = RunDirectory.average(weights);
      Safetensors.write(fs, average, engine, StateVector.AVERAGE, provenance);
    }
    Safetensors.write(fs, weights, engine, StateVector.PARAMETERS, provenance);
  }
}
