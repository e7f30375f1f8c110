package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * One run, whole. Rules that span several records are checked here, so that a run that cannot work
 * fails before Spark starts.
 *
 * @param seed of everything random in the run
 * @param task what is trained
 * @param fault a failure that is asked for, see {@link Fault}; empty for none
 */
public record RunConfig(
    long seed,
    Task task,
    ImageConfig image,
    DataConfig data,
    ModelConfig model,
    MaskConfig mask,
    LossConfig loss,
    OptimConfig optim,
    TrainConfig train,
    AveragingConfig averaging,
    ComputeConfig compute,
    CheckpointConfig checkpoint,
    EvaluateConfig evaluate,
    FinetuneConfig finetune,
    String fault)
    implements Serializable {
  /** What a run trains. */
  public enum Task {
    /** A masked autoencoder. */
    PRETRAIN,
    /**
     * A classifier on its encoder; {@code mask}, {@code loss} and the decoder have no part in it.
     */
    FINETUNE
  }

  public RunConfig {
    image.size().requireTiledBy(model.patchSize());
    if (task == Task.PRETRAIN) {
      requireMasks(image, model, mask);
    }
    require(
        optim.warmupEpochs() <= train.epochs(),
        List.of("optim.warmup-epochs", "train.epochs"),
        "must be at most train.epochs (%s) but was %s",
        train.epochs(),
        optim.warmupEpochs());
    requireTransfer(image, model, evaluate);
    Fault.parse(fault);
  }

  private static void requireMasks(ImageConfig image, ModelConfig model, MaskConfig mask) {
    int patchSize = model.patchSize();
    int shorterSide = image.size().shorterSide() / patchSize;
    require(
        mask.unit() <= shorterSide,
        List.of("mask.unit", "image.size", "model.patch-size"),
        "must be at most the grid's shorter side (%s patches) but was %s",
        shorterSide,
        mask.unit());
    int rows = image.size().height() / patchSize;
    int cols = image.size().width() / patchSize;
    require(
        rows % model.decoderDownsampling() == 0 && cols % model.decoderDownsampling() == 0,
        List.of("model.decoder-downsampling", "image.size", "model.patch-size"),
        "must divide both sides of the grid (%s x %s patches) but was %s",
        rows,
        cols,
        model.decoderDownsampling());
    int patches = image.size().pixels() / (patchSize * patchSize);
    int kept = mask.keptPatches(patches);
    require(
        kept >= 1 && kept < patches,
        List.of("mask.ratio", "image.size", "model.patch-size"),
        "must leave between 1 and %s of %s patches visible but %s leaves %s",
        patches - 1,
        patches,
        mask.ratio(),
        kept);
  }

  private static void requireTransfer(
      ImageConfig image, ModelConfig model, EvaluateConfig evaluate) {
    int side = evaluate.patchSize() == 0 ? model.patchSize() : evaluate.patchSize();
    ImageSize size = transferSize(image, evaluate);
    require(
        size.height() % side == 0 && size.width() % side == 0,
        List.of("evaluate.image-size", "evaluate.patch-size"),
        "must give pictures that patches tile, but %s is not divisible by %s",
        size,
        side);
    require(
        evaluate.layer() <= model.encoder().depth(),
        List.of("evaluate.layer", "model.encoder.depth"),
        "must be at most model.encoder.depth (%s) but was %s",
        model.encoder().depth(),
        evaluate.layer());
  }

  private static ImageSize transferSize(ImageConfig image, EvaluateConfig evaluate) {
    return evaluate.imageSize() == 0 ? image.size() : ImageSize.square(evaluate.imageSize());
  }

  /** How pictures are brought to the size that features are made of. */
  public ImageConfig transferImage() {
    return image.withSize(transferSize(image, evaluate));
  }

  /** Side in pixels of the patches that features are made of. */
  public int transferPatchSize() {
    return evaluate.patchSize() == 0 ? model.patchSize() : evaluate.patchSize();
  }

  /** L of the pictures that features are made of. */
  public int transferLength() {
    ImageSize size = transferSize(image, evaluate);
    return size.pixels() / (transferPatchSize() * transferPatchSize());
  }

  /** The failure that is asked for, if one is. */
  public Optional<Fault> faultAsked() {
    return Fault.parse(fault);
  }

  /** Patches along the height of an image. */
  public int gridRows() {
    return image.size().height() / model.patchSize();
  }

  /** Patches along the width of an image. */
  public int gridCols() {
    return image.size().width() / model.patchSize();
  }

  /** L, the sequence length: patches of one image. */
  public int sequenceLength() {
    return gridRows() * gridCols();
  }

  /** K, the patches that the encoder sees. */
  public int keptPatches() {
    return mask.keptPatches(sequenceLength());
  }

  /** Peak learning rate: base rate · batch / 256. */
  public double learningRate() {
    return optim.baseRate() * train.batch() / 256;
  }

  /** The same run on the shard set in another folder. */
  public RunConfig withShards(String folder) {
    DataConfig moved =
        new DataConfig(
            folder,
            data.heldOut(),
            data.shardMib(),
            data.maxBadFraction(),
            data.prepare(),
            data.limits(),
            data.streams(),
            data.decodeThreads(),
            data.prefetch());
    return new RunConfig(
        seed,
        task,
        image,
        moved,
        model,
        mask,
        loss,
        optim,
        train,
        averaging,
        compute,
        checkpoint,
        evaluate,
        finetune,
        fault);
  }

  /** The same run with other epochs; its warm-up is the same share of them. */
  public RunConfig withEpochs(int epochs) {
    return new RunConfig(
        seed,
        task,
        image,
        data,
        model,
        mask,
        loss,
        optim.withWarmupEpochs(optim.warmupEpochs() * epochs / train.epochs()),
        train.withEpochs(epochs),
        averaging,
        compute,
        checkpoint,
        evaluate,
        finetune,
        fault);
  }

  /**
   * The run that fine-tunes this one's encoder by the recipe of {@code finetune}, at the transfer
   * length.
   *
   * @param weights URI of the encoder's checkpoint; empty for random weights, the baseline
   */
  public RunConfig finetuned(String weights) {
    FinetuneConfig recipe = finetune;
    FinetuneConfig.Start start =
        weights.isEmpty()
            ? new FinetuneConfig.Start("", transferImage().size(), transferPatchSize())
            : new FinetuneConfig.Start(weights, image.size(), model.patchSize());
    return new RunConfig(
        seed,
        Task.FINETUNE,
        transferImage().withMinCrop(recipe.minCrop()),
        data,
        model.withPatchSize(transferPatchSize()),
        mask,
        loss,
        OptimConfig.finetuning(recipe),
        train.finetuning(recipe),
        averaging,
        compute,
        checkpoint,
        evaluate,
        recipe.from(start),
        fault);
  }

  /** The keyed source of all the run's randomness. */
  public Randomness randomness() {
    return new Randomness(seed);
  }
}
