package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.OptimConfig;

class LayerDecayTest {
  // The known values of MAE's fine-tuning and ViTDet: one off in the exponent shows in each.
  @ParameterizedTest
  @CsvSource({
    "cls_token, 12, 0.65, 0.0036972",
    "pos_embed, 12, 0.65, 0.0036972",
    "patch_embed.proj.bias, 12, 0.65, 0.0036972",
    "blocks.0.norm1.weight, 12, 0.65, 0.0056880",
    "blocks.11.mlp.fc2.bias, 12, 0.65, 0.65",
    "norm.weight, 12, 0.65, 1",
    "patch_embed.proj.weight, 12, 0.7, 0.0096889",
    "blocks.0.attn.qkv.weight, 12, 0.7, 0.0138413",
    "cls_token, 24, 0.8, 0.0037779",
    // The decoder's blocks are no layers of the encoder.
    "decoder_blocks.0.attn.qkv.weight, 12, 0.65, 1",
    "decoder_embed.weight, 12, 0.65, 1",
    "mask_token, 12, 0.65, 1",
  })
  void scalesAreTheKnownOnes(String name, int depth, double decay, double expected) {
    assertThat(LayerDecay.scale(name, depth, decay)).isCloseTo(expected, within(5e-8));
  }

  @Test
  void runsCoverTheVectorInOrderAndAreMerged() {
    ParameterLayout layout = ParameterLayout.of(Models.SMALL);
    List<LayerDecay.Run> runs = LayerDecay.runs(layout, 2, 0.5);
    long next = 0;
    for (LayerDecay.Run run : runs) {
      assertThat(run.from()).isEqualTo(next);
      next = run.to();
    }
    assertThat(next).isEqualTo(layout.size());
    for (ParameterLayout.Entry entry : layout.entries()) {
      for (long at : new long[] {entry.offset(), entry.offset() + entry.length() - 1}) {
        LayerDecay.Run run =
            runs.stream().filter(r -> r.from() <= at && at < r.to()).findFirst().orElseThrow();
        assertThat(run.scale()).isEqualTo(LayerDecay.scale(entry.name(), 2, 0.5));
        assertThat(run.decayed()).isEqualTo(entry.decayed());
      }
    }
    // Decayed: embedding, two blocks, the rest. Biases: the same. Norms: two blocks, the rest.
    assertThat(runs).hasSize(4 + 4 + 3);
  }

  @Test
  void oneRateIsTwoRuns() {
    ParameterLayout layout = ParameterLayout.of(Models.SMALL);
    assertThat(LayerDecay.runs(layout, 2, 1))
        .containsExactly(
            new LayerDecay.Run(0, layout.decayedSize(), 1, true),
            new LayerDecay.Run(layout.decayedSize(), layout.size(), 1, false));
  }

  // Adam's first step is as long as the rate whatever the gradient, so it shows each entry's rate.
  @ParameterizedTest
  @ValueSource(strings = {"aten double", "nd4j double"})
  void theFirstStepIsAsLongAsTheLayersRate(String backend) {
    MaeSpec spec = Models.SMALL;
    OptimConfig optim =
        new OptimConfig(OptimConfig.Kind.ADAMW, 1.5e-4, 0, 0, 0.9, 0.95, 1e-12, 0, 0, 0, 0.5);
    try (MaeEngine engine = MaeEngine.open(spec, optim, MaeEngineTest.backend(backend))) {
      engine.initialize(new SplittableRandom(1));
      float[] before = new float[(int) engine.stateLength()];
      float[] after = before.clone();
      engine.read(StateVector.PARAMETERS, 0, before);
      engine.step(Models.images(spec, 2, 1), Models.shuffles(spec, 2, 2), 0.25, 1);
      engine.read(StateVector.PARAMETERS, 0, after);
      for (String name :
          List.of(
              "patch_embed.proj.weight",
              "blocks.0.attn.proj.weight",
              "blocks.1.norm2.bias",
              "norm.bias",
              "decoder_pred.weight")) {
        int at = (int) engine.layout().entry(name).offset();
        assertThat((double) Math.abs(after[at] - before[at]))
            .as(name)
            .isCloseTo(0.25 * LayerDecay.scale(name, 2, 0.5), within(1e-5));
      }
    }
  }
}
