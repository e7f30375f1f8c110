package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * How a trained model is judged.
 *
 * @param batch images a forward pass
 * @param probeRegularization weight of the linear probe's ridge penalty, at least 0
 * @param probeIterations limit of the probe's solver
 * @param maxPictures pictures of each split that evaluation looks at; the first of the shard order
 * @param examples pictures in the reconstruction grid
 */
public record EvaluateConfig(
    int batch, double probeRegularization, int probeIterations, int maxPictures, int examples)
    implements Serializable {
  public EvaluateConfig {
    require(batch >= 1, "evaluate.batch", "must be at least 1 but was %s", batch);
    require(
        probeRegularization >= 0,
        "evaluate.probe-regularization",
        "must be at least 0 but was %s",
        probeRegularization);
    require(
        probeIterations >= 1,
        "evaluate.probe-iterations",
        "must be at least 1 but was %s",
        probeIterations);
    require(
        maxPictures >= 1, "evaluate.max-pictures", "must be at least 1 but was %s", maxPictures);
    require(
        examples >= 1 && examples <= 64,
        "evaluate.examples",
        "must be in 1…64 but was %s",
        examples);
  }
}
