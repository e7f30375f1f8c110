package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * One pre-training run, whole. Rules that span several records are checked here, so that a run that
 * cannot work fails before Spark starts.
 *
 * @param seed of everything random in the run
 */
public record RunConfig(
    long seed,
    ImageConfig image,
    DataConfig data,
    ModelConfig model,
    MaskConfig mask,
    LossConfig loss,
    OptimConfig optim,
    TrainConfig train,
    ComputeConfig compute,
    CheckpointConfig checkpoint,
    EvaluateConfig evaluate)
    implements Serializable {
  public RunConfig {
    int patchSize = model.patchSize();
    require(
        image.size() % patchSize == 0,
        "image.size",
        "must be divisible by model.patch-size (%s) but was %s; nearest: %s",
        patchSize,
        image.size(),
        Math.max(1, Math.round((float) image.size() / patchSize)) * patchSize);
    int side = image.size() / patchSize;
    require(
        mask.unit() <= side,
        "mask.unit",
        "must be at most the grid's side (%s patches) but was %s",
        side,
        mask.unit());
    int kept = mask.keptPatches(side * side);
    require(
        kept >= 1 && kept < side * side,
        "mask.ratio",
        "must leave between 1 and %s of %s patches visible but %s leaves %s",
        side * side - 1,
        side * side,
        mask.ratio(),
        kept);
    require(
        optim.warmupEpochs() <= train.epochs(),
        "optim.warmup-epochs",
        "must be at most train.epochs (%s) but was %s",
        train.epochs(),
        optim.warmupEpochs());
  }

  /** Patches along one side of the grid. */
  public int gridSide() {
    return image.size() / model.patchSize();
  }

  /** L, the sequence length: patches of one image. */
  public int sequenceLength() {
    return gridSide() * gridSide();
  }

  /** K, the patches that the encoder sees. */
  public int keptPatches() {
    return mask.keptPatches(sequenceLength());
  }

  /** Peak learning rate: base rate · effective batch / 256. */
  public double learningRate() {
    return optim.baseRate() * train.effectiveBatch() / 256;
  }

  /** The keyed source of all the run's randomness. */
  public Randomness randomness() {
    return new Randomness(seed);
  }
}
