package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.MaeEngine;

/**
 * Where an executor gets a model from.
 *
 * @param weights URI of a safetensors file, or null for the run's initial weights
 * @param threads cores to compute on
 */
record ModelSource(RunConfig config, String weights, int threads) implements Serializable {
  /** Opens the model; the caller closes it. */
  MaeEngine open(Configuration hadoop) throws IOException {
    MaeEngine engine = MaeEngine.openToEvaluate(config, threads);
    try {
      fill(engine, hadoop);
      return engine;
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private void fill(MaeEngine engine, Configuration hadoop) throws IOException {
    Optional<Path> file = Optional.ofNullable(weights).map(Path::new);
    if (file.isPresent()) {
      Safetensors.read(file.get().getFileSystem(hadoop), file.get(), engine);
    } else {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
    }
  }
}
