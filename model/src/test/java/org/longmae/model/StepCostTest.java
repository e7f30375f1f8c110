package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;

class StepCostTest {
  /** L = 4, K = 1, V = 3, D = 4, E = 8, one block each. */
  private static final MaeSpec SPEC =
      new MaeSpec(
          3,
          new Grid(2, 2),
          1,
          new TransformerConfig(4, 1, 1),
          new TransformerConfig(8, 1, 2),
          1,
          true);

  private static final long EMBEDDING = 1 * 3 * 4;
  private static final long ENCODER = 12 * 2 * 4 * 4 + 2 * 2 * 2 * 4;
  private static final long DECODER = 4 * 5 * 8 * 8 + 2 * 5 * 5 * 8 + 8 * 3 * 8 * 8;
  private static final long BETWEEN = 2 * 4 * 8 + 3 * 8 * 3;

  private static StepCost cost(MaeSpec spec, int batch, Recompute recompute) {
    return StepCost.of(spec, new StepShape(batch, 0, recompute));
  }

  @Test
  void workIsThatOfVisibleAndHiddenPatchesOnly() {
    StepCost cost = cost(SPEC, 1, Recompute.NONE);
    assertThat(cost.forward()).isEqualTo(EMBEDDING + ENCODER + DECODER + BETWEEN);
    assertThat(cost.backward()).isEqualTo(EMBEDDING + 2 * (ENCODER + DECODER + BETWEEN));
    assertThat(cost.recomputed()).isZero();
    assertThat(cost.flops()).isEqualTo(2 * (cost.forward() + cost.backward()));
  }

  @Test
  void recomputedWorkIsScoresOrBlocks() {
    assertThat(cost(SPEC, 1, Recompute.ATTENTION).recomputed()).isEqualTo(2 * 2 * 4 + 5 * 5 * 8);
    assertThat(cost(SPEC, 1, Recompute.BLOCK).recomputed()).isEqualTo(ENCODER + DECODER);
  }

  // The backend computes scores again where they are too many, whatever the configuration says.
  @Test
  void scoresBeyondTheBackendsLimitAreRecomputed() {
    MaeSpec spec = Models.vit(768, 12, 12, 512, 448, 16);
    assertThat(cost(spec, 6, Recompute.NONE).recomputed()).isZero();
    assertThat(cost(spec, 7, Recompute.NONE).recomputed()).isEqualTo(8L * 785 * 785 * 512);
  }

  // 16 patches, 4 of them visible, 4 cells: the decoder's blocks see 5 tokens, and the 4 cells go
  // on
  // behind the last attention; then 16 patches are grown, of which 12 are predicted.
  @Test
  void aCoarserDecoderWorksOnItsCells() {
    TransformerConfig encoder = new TransformerConfig(4, 1, 1);
    TransformerConfig decoder = new TransformerConfig(8, 1, 2);
    MaeSpec spec = new MaeSpec(3, new Grid(4, 4), 1, encoder, decoder, 4, true, 2, 1);
    long blocks = 4 * 5 * 8 * 8 + 2 * 5 * 5 * 8 + 8 * 4 * 8 * 8;
    long convolutions = 16 * 8 * 8 + 16 * 8 * 8;
    long rest = 4 * 3 * 4 + (12 * 5 * 4 * 4 + 2 * 5 * 5 * 4) + 5 * 4 * 8 + 12 * 8 * 3;
    assertThat(cost(spec, 1, Recompute.NONE).forward()).isEqualTo(blocks + convolutions + rest);
    assertThat(CostModel.of(spec).decoder())
        .isEqualTo(12 * 5 * 8 * 8 + 2 * 5 * 5 * 8 + convolutions);
  }

  @Test
  void itIsLittleLessThanWhatPapersCount() {
    MaeSpec spec = Models.vit(768, 12, 12, 384, 448, 16);
    double ratio = (double) cost(spec, 1, Recompute.NONE).flops() / CostModel.of(spec).stepFlops();
    assertThat(ratio).isBetween(0.95, 0.99);
  }
}
