package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.layer.NaiveLayerNorm;
import org.longmae.model.layer.NaiveLinear;
import org.longmae.model.layer.NaiveMaskedAutoencoder;

/** What must hold by the model's structure, whatever its weights. */
class MaeStructureTest {
  private static final MaeCase CASE = new MaeCase(3, new Grid(3, 5), 2, 2, true);
  private static final MaeSpec SPEC = CASE.spec();

  // The mask token is one vector: only its position tells one hidden patch from another.
  @Test
  void hiddenPatchesDifferByPositionAlone() {
    float[] images = CASE.images(2);
    int[] shuffles = CASE.shuffles(2);
    int values = SPEC.patchValues();
    try (MaeEngine engine = EngineWeights.engine(SPEC, TestBackend.ATEN_DOUBLE)) {
      // Without attention no token sees another, so the picture cannot reach a hidden patch.
      for (int block = 0; block < SPEC.decoder().depth(); block++) {
        clear(engine, "decoder_blocks." + block + ".attn.proj.weight");
        clear(engine, "decoder_blocks." + block + ".mlp.fc2.weight");
        clear(engine, "decoder_blocks." + block + ".attn.proj.bias");
        clear(engine, "decoder_blocks." + block + ".mlp.fc2.bias");
      }
      var weights = EngineWeights.byName(engine);
      double[] positions_TE = NaiveMaskedAutoencoder.positions(3, 5, SPEC.decoder().width());
      float[] predictions = engine.predictions(images, shuffles);
      for (int image = 0; image < 2; image++) {
        for (int place = SPEC.keptPatches(); place < SPEC.patches(); place++) {
          int patch = shuffles[image * SPEC.patches() + place];
          double[] token_E = weights.apply("mask_token").clone();
          for (int i = 0; i < token_E.length; i++) {
            token_E[i] += positions_TE[(1 + patch) * token_E.length + i];
          }
          double[] expected =
              NaiveLinear.forward(
                  NaiveLayerNorm.forward(
                      token_E,
                      weights.apply("decoder_norm.weight"),
                      weights.apply("decoder_norm.bias")),
                  weights.apply("decoder_pred.weight"),
                  weights.apply("decoder_pred.bias"));
          int start = (image * SPEC.patches() + patch) * values;
          float[] actual = Arrays.copyOfRange(predictions, start, start + values);
          assertThat(RelativeError.of(actual, expected)).isLessThan(1e-7);
        }
      }
    }
  }

  private static void clear(MaeEngine engine, String name) {
    ParameterLayout.Entry entry = engine.layout().entry(name);
    engine.write(StateVector.PARAMETERS, entry.offset(), new float[(int) entry.length()]);
  }

  // The shuffle's order is a means to choose; only which patches are visible may matter.
  @Test
  void orderWithinVisibleAndWithinHiddenPatchesDoesNotMatter() {
    float[] images = CASE.images(1);
    int[] shuffle = CASE.shuffles(1);
    int[] sorted = shuffle.clone();
    Arrays.sort(sorted, 0, SPEC.keptPatches());
    Arrays.sort(sorted, SPEC.keptPatches(), sorted.length);
    assertThat(sorted).isNotEqualTo(shuffle);
    try (MaeEngine engine = EngineWeights.engine(SPEC, TestBackend.ATEN_DOUBLE)) {
      MaeEngine.Gradient one = engine.gradient(images, shuffle);
      MaeEngine.Gradient other = engine.gradient(images, sorted);
      assertThat(other.loss()).isCloseTo(one.loss(), withinPercentage(1e-10));
      assertThat(RelativeError.of(other.gradient(), one.gradient())).isLessThan(1e-10);
    }
  }

  // 0.9986979 at V = 768; with a variance divided by V it would be 1.
  @Test
  void zeroPredictionOfLargePatchesLosesTheKnownValue() {
    MaeSpec spec =
        new MaeSpec(
            3,
            new Grid(2, 2),
            16,
            new TransformerConfig(8, 1, 1),
            new TransformerConfig(8, 1, 1),
            1,
            true);
    try (MaeEngine engine = MaeEngine.open(spec, Models.OPTIM, TestBackend.ATEN_DOUBLE.open())) {
      double loss = engine.gradient(Models.images(spec, 1, 1), Models.shuffles(spec, 1, 2)).loss();
      assertThat(loss).isCloseTo(0.9986979, within(5e-6));
    }
  }
}
