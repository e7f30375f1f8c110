package org.longmae.jobs.weights;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

/** A checkpoint of random weights, biases and norms included, and what tests look at. */
record Checkpoint(RunConfig config, Path file) {
  static Checkpoint write(RunConfig config, Path file) throws IOException {
    try (MaeEngine engine = MaeEngine.open(config, 1)) {
      float[] vector = new float[(int) engine.stateLength()];
      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      engine.write(StateVector.PARAMETERS, 0, vector);
      Map<String, String> provenance = Map.of("step", "12", "shards", "digest");
      Safetensors.write(TestRuns.fs(), file, engine, StateVector.PARAMETERS, provenance);
    }
    return new Checkpoint(config, file);
  }

  /** All tensors of a file. */
  static Map<String, float[]> tensors(Path file) throws IOException {
    Map<String, float[]> tensors = new HashMap<>();
    try (TensorFile open = TensorFile.open(TestRuns.fs(), file)) {
      for (TensorInfo info : open.tensors()) {
        tensors.put(info.name(), open.floats(info.name()));
      }
    }
    return tensors;
  }

  /** Writes an export of it; returns the file of the weights. */
  Path export(ExportSettings settings, Path out) throws IOException {
    try (TensorFile weights = TensorFile.open(TestRuns.fs(), file)) {
      return new Path(WeightExport.write(config, weights, settings, TestRuns.fs(), out).file());
    }
  }
}
