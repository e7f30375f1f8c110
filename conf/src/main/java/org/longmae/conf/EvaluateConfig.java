package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;

/**
 * How a trained model is judged.
 *
 * @param batch images a forward pass
 * @param shards folder of the shard set that is scored on, all of its pictures; empty for the
 *     held-out pictures of {@code data.shards}
 * @param imageSize side of the pictures that features are made of, pixels; 0 for the run's own size
 * @param patchSize side of the patches that features are made of, pixels; 0 for the run's own
 * @param pooling which tokens make a picture's features
 * @param layer blocks of the encoder that features have passed; 0 for all
 * @param neighbours k of the nearest-neighbour classifier
 * @param probeRegularization weights of the linear probe's ridge penalty to choose from, each at
 *     least 0
 * @param probeIterations limit of the probe's solver
 * @param maxPictures pictures of each split that evaluation looks at; the first of the shard order
 * @param examples pictures in the reconstruction grid
 * @param finetune whether each point of a sweep is fine-tuned as well, by the recipe of {@code
 *     finetune}
 */
public record EvaluateConfig(
    int batch,
    String shards,
    int imageSize,
    int patchSize,
    Pooling pooling,
    int layer,
    int neighbours,
    List<Double> probeRegularization,
    int probeIterations,
    int maxPictures,
    int examples,
    boolean finetune)
    implements Serializable {
  private static final int LEAST_SIDE = 8;

  /** Which tokens make a picture's features. */
  public enum Pooling {
    /** The mean of the patches' tokens. */
    MEAN,
    /** The class token. */
    CLASS
  }

  public EvaluateConfig {
    require(batch >= 1, "evaluate.batch", "must be at least 1 but was %s", batch);
    require(
        imageSize == 0 || imageSize >= LEAST_SIDE,
        "evaluate.image-size",
        "must be 0 (the run's own) or at least %s but was %s",
        LEAST_SIDE,
        imageSize);
    require(
        patchSize == 0 || patchSize >= 2,
        "evaluate.patch-size",
        "must be 0 (the run's own) or at least 2 but was %s",
        patchSize);
    require(layer >= 0, "evaluate.layer", "must be at least 0 (all blocks) but was %s", layer);
    require(neighbours >= 1, "evaluate.neighbours", "must be at least 1 but was %s", neighbours);
    require(
        !probeRegularization.isEmpty()
            && probeRegularization.stream().allMatch(weight -> weight >= 0),
        "evaluate.probe-regularization",
        "must be a list of numbers of at least 0 but was %s",
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
    probeRegularization = List.copyOf(probeRegularization);
  }
}
