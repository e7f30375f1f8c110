package org.longmae.jobs.train;

import static org.longmae.jobs.TestRuns.fs;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.longmae.model.StateVector;

/** What lies in the last state of a run; for models of one chunk a vector. */
final class States {
  private States() {}

  static Map<StateVector, FloatBuffer> vectors(Path root) throws IOException {
    return vectors(fs(), root);
  }

  static Map<StateVector, FloatBuffer> vectors(FileSystem fs, Path root) throws IOException {
    RunDirectory run = RunDirectory.existing(fs, root);
    StateManifest manifest = run.states().newest().orElseThrow();
    Map<StateVector, FloatBuffer> vectors = new TreeMap<>();
    for (Chunk chunk : manifest.chunks()) {
      float[] floats = StateFiles.read(fs, run.states().folder(manifest.round()), chunk);
      vectors.put(chunk.vector(), FloatBuffer.wrap(floats));
    }
    return vectors;
  }
}
