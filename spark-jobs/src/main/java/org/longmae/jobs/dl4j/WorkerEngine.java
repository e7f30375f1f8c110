package org.longmae.jobs.dl4j;

import org.longmae.conf.RunConfig;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

/**
 * The engine that this JVM's workers compute on, one after the other: DL4J makes its networks anew
 * for every round, which must not cost the model's memory and kernels each time.
 */
final class WorkerEngine {
  private static WorkerEngine current;

  private final String run;
  private final MaeEngine engine;

  private WorkerEngine(MaeLayerConf conf) {
    this.run = conf.getRun();
    RunConfig config = conf.runConfig();
    this.engine = MaeEngine.open(config, conf.getThreads());
  }

  /** The engine for a layer; one of another run is closed. */
  static synchronized WorkerEngine of(MaeLayerConf conf) {
    if (current == null || !current.run.equals(conf.getRun())) {
      close();
      current = new WorkerEngine(conf);
    }
    return current;
  }

  /** Frees the engine's memory. */
  static synchronized void close() {
    if (current != null) {
      current.engine.close();
      current = null;
    }
  }

  /**
   * The mean loss.
   *
   * @param intoGradient of the parameters' length
   */
  synchronized double gradient(
      float[] parameters, float[] images_BCHW, int[] shuffles_BL, float[] intoGradient) {
    engine.write(StateVector.PARAMETERS, 0, parameters);
    return engine.gradient(images_BCHW, shuffles_BL, intoGradient);
  }
}
