package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;
import org.longmae.conf.EvaluateConfig.Pooling;

/**
 * The recipe by which an encoder is fine-tuned to classes, every layer of it. {@link
 * RunConfig#finetuned} makes a run of it.
 *
 * @param start what it starts from
 * @param epochs passes over the training pictures, at least 1
 * @param batch images of one step of all workers together
 * @param baseRate learning rate for 256 images a step, of the last layer
 * @param minRate learning rate at the end of the cosine, at least 0
 * @param warmupEpochs epochs of linear warm-up from 0; may be fractional
 * @param beta2 decay of the second moment, in [0, 1)
 * @param weightDecay decoupled decay of matrices; class token and positions are not decayed
 * @param layerDecay factor from each layer's learning rate to that of the layer below, in (0, 1]
 * @param dropPath share of pictures that pass by the last block's branches in training; less in
 *     proportion in earlier blocks; in [0, 1)
 * @param labelSmoothing share of a picture's target that is spread over all classes, in [0, 1)
 * @param mixup α of the Beta distribution of two pictures' shares in their sum; 0 is off
 * @param cutmix α of the Beta distribution of two pictures' shares in the area; 0 is off. Where
 *     both are on, each batch takes one of them
 * @param minCrop smallest share of the picture's area that a training crop covers, in (0, 1]
 * @param pooling which tokens the classes are read off
 */
public record FinetuneConfig(
    Start start,
    int epochs,
    int batch,
    double baseRate,
    double minRate,
    double warmupEpochs,
    double beta2,
    double weightDecay,
    double layerDecay,
    double dropPath,
    double labelSmoothing,
    double mixup,
    double cutmix,
    double minCrop,
    Pooling pooling)
    implements Serializable {
  /**
   * The encoder that fine-tuning starts from.
   *
   * @param weights URI of its checkpoint's weights; empty for random ones
   * @param imageSize pictures that it was trained on, which its position table is of
   * @param patchSize side of its patches, which its patch kernel is of
   */
  public record Start(String weights, ImageSize imageSize, int patchSize) implements Serializable {
    public Start {
      require(
          patchSize >= 1,
          "finetune.start.patch-size",
          "must be at least 1 pixel but was %s",
          patchSize);
      imageSize.requireTiledBy(patchSize);
    }
  }

  public FinetuneConfig {
    require(epochs >= 1, "finetune.epochs", "must be at least 1 but was %s", epochs);
    require(batch >= 1, "finetune.batch", "must be at least 1 but was %s", batch);
    require(baseRate > 0, "finetune.base-rate", "must be positive but was %s", baseRate);
    require(minRate >= 0, "finetune.min-rate", "must be at least 0 but was %s", minRate);
    require(
        warmupEpochs >= 0 && warmupEpochs <= epochs,
        List.of("finetune.warmup-epochs", "finetune.epochs"),
        "must be between 0 and finetune.epochs (%s) but was %s",
        epochs,
        warmupEpochs);
    require(beta2 >= 0 && beta2 < 1, "finetune.beta2", "must be in [0, 1) but was %s", beta2);
    require(
        weightDecay >= 0, "finetune.weight-decay", "must be at least 0 but was %s", weightDecay);
    require(
        layerDecay > 0 && layerDecay <= 1,
        "finetune.layer-decay",
        "must be in (0, 1] but was %s (1 is off)",
        layerDecay);
    requireShare("finetune.drop-path", dropPath);
    requireShare("finetune.label-smoothing", labelSmoothing);
    require(mixup >= 0, "finetune.mixup", "must be at least 0 (off) but was %s", mixup);
    require(cutmix >= 0, "finetune.cutmix", "must be at least 0 (off) but was %s", cutmix);
    require(
        minCrop > 0 && minCrop <= 1, "finetune.min-crop", "must be in (0, 1] but was %s", minCrop);
  }

  private static void requireShare(String key, double value) {
    require(value >= 0 && value < 1, key, "must be in [0, 1) but was %s (0 is off)", value);
  }

  /** The same recipe from another start. */
  FinetuneConfig from(Start other) {
    return new FinetuneConfig(
        other,
        epochs,
        batch,
        baseRate,
        minRate,
        warmupEpochs,
        beta2,
        weightDecay,
        layerDecay,
        dropPath,
        labelSmoothing,
        mixup,
        cutmix,
        minCrop,
        pooling);
  }
}
