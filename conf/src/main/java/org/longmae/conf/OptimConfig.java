package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * The optimiser, with warm-up and a half cosine.
 *
 * @param kind AdamW, or plain gradient descent, which keeps no moments in mind
 * @param baseRate learning rate for 256 images a step; the rate used is {@code baseRate · batch /
 *     256}
 * @param minRate learning rate at the end of the cosine, at least 0
 * @param warmupEpochs epochs of linear warm-up from 0; may be fractional
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, positive
 * @param weightDecay decoupled decay of matrices and tokens; biases and norms are not decayed
 * @param clipNorm largest norm of the whole gradient, which a longer one is scaled down to; 0 takes
 *     gradients of any norm
 * @param emaDecay share of itself that the moving average of the weights keeps at each step, in [0,
 *     1); 0 keeps no average
 * @param layerDecay factor from each encoder layer's learning rate to that of the layer below, in
 *     (0, 1]; 1 trains all layers at one rate
 */
public record OptimConfig(
    Kind kind,
    double baseRate,
    double minRate,
    double warmupEpochs,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clipNorm,
    double emaDecay,
    double layerDecay)
    implements Serializable {
  /** AdamW's own. */
  private static final double FINETUNING_BETA1 = 0.9;

  private static final double FINETUNING_EPSILON = 1e-8;

  /** The rules by which gradients change weights. */
  public enum Kind {
    /** Adam with decoupled weight decay. */
    ADAMW,
    /** θ ← θ·(1 − η·λ) − η·g: the rule under which averaging each step is the larger batch. */
    SGD
  }

  public OptimConfig {
    require(baseRate > 0, "optim.base-rate", "must be positive but was %s", baseRate);
    require(minRate >= 0, "optim.min-rate", "must be at least 0 but was %s", minRate);
    require(
        warmupEpochs >= 0, "optim.warmup-epochs", "must be at least 0 but was %s", warmupEpochs);
    require(beta1 >= 0 && beta1 < 1, "optim.beta1", "must be in [0, 1) but was %s", beta1);
    require(beta2 >= 0 && beta2 < 1, "optim.beta2", "must be in [0, 1) but was %s", beta2);
    require(epsilon > 0, "optim.epsilon", "must be positive but was %s", epsilon);
    require(weightDecay >= 0, "optim.weight-decay", "must be at least 0 but was %s", weightDecay);
    require(clipNorm >= 0, "optim.clip-norm", "must be at least 0 (off) but was %s", clipNorm);
    require(
        emaDecay >= 0 && emaDecay < 1,
        "optim.ema-decay",
        "must be in [0, 1) but was %s (0 is off)",
        emaDecay);
    require(
        layerDecay > 0 && layerDecay <= 1,
        "optim.layer-decay",
        "must be in (0, 1] but was %s (1 is off)",
        layerDecay);
  }

  /** The same with another warm-up. */
  OptimConfig withWarmupEpochs(double epochs) {
    return new OptimConfig(
        kind,
        baseRate,
        minRate,
        epochs,
        beta1,
        beta2,
        epsilon,
        weightDecay,
        clipNorm,
        emaDecay,
        layerDecay);
  }

  /** AdamW by the recipe of fine-tuning, which neither clips gradients nor averages weights. */
  static OptimConfig finetuning(FinetuneConfig recipe) {
    return new OptimConfig(
        Kind.ADAMW,
        recipe.baseRate(),
        recipe.minRate(),
        recipe.warmupEpochs(),
        FINETUNING_BETA1,
        recipe.beta2(),
        FINETUNING_EPSILON,
        recipe.weightDecay(),
        0,
        0,
        recipe.layerDecay());
  }
}
