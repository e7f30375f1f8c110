package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.ops.Precision;

class MemoryModelTest {
  private static final HostMemory HOST = new HostMemory(1000, 10, 4, 3);

  // The backend's own count after real steps, to the byte: what is taken twice, given back too
  // early or left out of the model shows. Sizes reach every branch: several chunks of scores with a
  // smaller last one ("chunks"), scores beyond what is kept ("long"), decoders on coarser grids;
  // batches in equal and in unequal parts.
  @ParameterizedTest
  @CsvSource({
    "short, 3, 0, FP32, NONE",
    "short, 3, 0, BF16, NONE",
    "short, 5, 2, FP32, ATTENTION",
    "short, 5, 2, BF16, BLOCK",
    "short, 4, 2, FP32, BLOCK",
    "chunks, 9, 0, FP32, NONE",
    "chunks, 9, 0, BF16, ATTENTION",
    "chunks, 9, 0, BF16, BLOCK",
    "long, 8, 0, BF16, NONE",
    "coarse, 3, 0, BF16, NONE",
    "coarse, 3, 2, FP32, BLOCK",
    "large patches, 3, 0, BF16, NONE",
    "both, 3, 0, BF16, NONE",
  })
  void buffersAreThoseOfTheBackend(
      String model, int batch, int microBatch, Precision precision, Recompute recompute) {
    assertBuffersAreTheBackends(
        spec(model), new StepShape(batch, microBatch, recompute), Models.OPTIM, precision);
  }

  @ParameterizedTest
  @CsvSource({"FP32, 0", "BF16, 0", "FP32, 2", "BF16, 2"})
  void averagedWeightsAndClippingAndLayersOfTheirOwnRateAreCounted(
      Precision precision, int microBatch) {
    OptimConfig optim =
        new OptimConfig(OptimConfig.Kind.ADAMW, 1e-3, 0, 0, 0.9, 0.95, 1e-8, 0.05, 1, 0.9, 0.8);
    StepShape step = new StepShape(3, microBatch, Recompute.NONE);
    assertBuffersAreTheBackends(Models.UNEQUAL, step, optim, precision);
  }

  private static void assertBuffersAreTheBackends(
      MaeSpec spec, StepShape step, OptimConfig optim, Precision precision) {
    StepSettings settings = new StepSettings(optim, step.microBatch(), step.recompute());
    int batch = step.batch();
    long expected = MemoryModel.of(spec, step, optim, precision, HOST).nativeBytes();
    AtenOps ops = new AtenOps(precision, 2);
    try (MaeEngine engine = MaeEngine.open(spec, settings, ops)) {
      engine.initialize(new SplittableRandom(1));
      for (int i = 1; i <= 2; i++) {
        engine.step(Models.images(spec, batch, i), Models.shuffles(spec, batch, i), 1e-3, i);
      }
      assertThat(expected).isEqualTo(ops.bufferBytes());
    }
  }

  private static MaeSpec spec(String model) {
    return switch (model) {
      case "short" -> Models.UNEQUAL;
      case "chunks" -> square(16, 8);
      case "long" -> square(27, 16);
      case "coarse" -> coarse(2, 1);
      case "large patches" -> coarse(2, 2);
      case "both" -> coarse(4, 2);
      default -> throw new IllegalArgumentException(model);
    };
  }

  private static MaeSpec coarse(int decoderDownsampling, int predictionDownsampling) {
    TransformerConfig encoder = new TransformerConfig(24, 2, 3);
    TransformerConfig decoder = new TransformerConfig(16, 2, 2);
    Grid grid = new Grid(4, 8);
    return new MaeSpec(
        2, grid, 2, encoder, decoder, 7, true, decoderDownsampling, predictionDownsampling);
  }

  private static MaeSpec square(int side, int heads) {
    TransformerConfig encoder = new TransformerConfig(96, 2, 12);
    TransformerConfig decoder = new TransformerConfig(64, 2, heads);
    return new MaeSpec(3, new Grid(side, side), 2, encoder, decoder, side * side / 4, true);
  }

  // By hand, for one image of 4 patches, 1 visible, V = 3, D = 4, E = 8, one block each, in fp32.
  @Test
  void aSmallModelIsCountedByHand() {
    MaeSpec spec =
        new MaeSpec(
            3,
            new Grid(2, 2),
            1,
            new TransformerConfig(4, 1, 1),
            new TransformerConfig(8, 1, 2),
            1,
            true);
    long parameters = CostModel.of(spec).parameters();
    MemoryModel memory =
        MemoryModel.of(
            spec, new StepShape(1, 0, Recompute.NONE), Models.OPTIM, Precision.FP32, HOST);
    assertThat(memory.weights()).isEqualTo(4 * parameters);
    assertThat(memory.gradient()).isEqualTo(4 * parameters);
    assertThat(memory.workingCopies()).isZero();
    // Prediction, its gradient; target, error, and one for squares and scaled error: all 3 x 3, of
    // one type. The image's loss in 32 and in 64 bits.
    assertThat(memory.loss()).isEqualTo(4 * 5 * 9 + 4 + 8);
  }

  // Per block, for R rows of width D: norms 2, queries, keys and values 3, attended 1, projected 1,
  // before and behind GELU 8, result 1; probabilities; means and variances.
  @Test
  void aBlockKeepsWhatItsLayersSave() {
    long images = 16;
    long tokens = 50;
    long rows = images * tokens;
    MemoryModel twelve = memory(Models.vit(768, 12, 12, 512, 224, 16), 16, 0, Recompute.NONE);
    MemoryModel thirteen = memory(Models.vit(768, 13, 12, 512, 224, 16), 16, 0, Recompute.NONE);
    assertThat(thirteen.encoder() - twelve.encoder())
        .isEqualTo(2 * (16 * rows * 768 + images * 12 * tokens * tokens) + 4 * 4 * rows);
    assertThat(thirteen.decoder()).isEqualTo(twelve.decoder());
  }

  // Four batches wait as bytes, one as floats; one is the caller's, one is cut into patches and
  // targets, and where it is split one is cut into parts.
  @Test
  void picturesLieOnTheHeap() {
    MaeSpec spec = Models.SMALL;
    long batch = 4L * 6 * spec.imageValues();
    assertThat(memory(spec, 6, 0, Recompute.NONE).heap()).isEqualTo(1000 + 7 * batch);
    assertThat(memory(spec, 6, 2, Recompute.NONE).heap()).isEqualTo(1000 + 8 * batch);
  }

  // The encoder's MLP has the largest, 128 x 32: two bytes packed, four of its gradient's sum.
  @Test
  void linearMapsNeedScratchForTheLargestWeight() {
    assertThat(memory(Models.SMALL, 6, 2, Recompute.NONE).process()).isEqualTo(10 + 6 * 128 * 32);
  }

  // A buffer of 2.4 MB has two huge pages of 2 MiB, one of 2 MiB just one; smaller ones have none.
  @Test
  void largeBuffersLeaveTheEndsOfTheirLastPages() {
    BufferCount count = new BufferCount();
    count.borrow(BufferCount.Type.FP32, 600_000);
    count.borrow(BufferCount.Type.FP32, 600_000);
    count.borrow(BufferCount.Type.BF16, 1 << 20);
    count.borrow(BufferCount.Type.DOUBLE, 200_000);
    assertThat(count.pageEnds()).isEqualTo(2 * (4 * 1024 * 1024 - 2_400_000));
  }

  @Test
  void aSplitBatchNeedsOneSumOfGradients() {
    MaeSpec spec = Models.vit(768, 12, 12, 512, 224, 16);
    MemoryModel whole = memory(spec, 16, 0, Recompute.NONE);
    MemoryModel split = memory(spec, 16, 4, Recompute.NONE);
    long sum = 4 * ParameterLayout.of(spec).size();
    assertThat(split.gradient()).isEqualTo(whole.gradient() + sum);
    assertThat(split.decoder()).isLessThan(whole.decoder() / 3);
    assertThat(memory(spec, 16, 16, Recompute.NONE)).isEqualTo(whole);
  }

  @Test
  void recomputingMoreNeedsLess() {
    MaeSpec spec = Models.vit(768, 12, 12, 384, 448, 16);
    long none = memory(spec, 4, 0, Recompute.NONE).total();
    long attention = memory(spec, 4, 0, Recompute.ATTENTION).total();
    long block = memory(spec, 4, 0, Recompute.BLOCK).total();
    assertThat(attention).isLessThan(none);
    assertThat(block).isLessThan(attention);
  }

  private static MemoryModel memory(MaeSpec spec, int batch, int microBatch, Recompute recompute) {
    StepShape step = new StepShape(batch, microBatch, recompute);
    return MemoryModel.of(spec, step, Models.OPTIM, Precision.BF16, HOST);
  }
}
