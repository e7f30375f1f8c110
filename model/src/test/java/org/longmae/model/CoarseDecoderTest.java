package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;

class CoarseDecoderTest {
  private static final int IMAGES = 3;

  /** A grid of 4 x 8, patches of 2 x 2, of which the encoder sees 7 of 32. */
  private static MaeSpec spec(int d, int s) {
    return new MaeSpec(
        2,
        new Grid(4, 8),
        2,
        new TransformerConfig(12, 1, 3),
        new TransformerConfig(8, 2, 2),
        7,
        true,
        d,
        s);
  }

  private static MaeEngine engine(MaeSpec spec, StepSettings settings, String backend) {
    MaeEngine engine = MaeEngine.open(spec, settings, MaeEngineTest.backend(backend));
    engine.initialize(new SplittableRandom(1));
    return engine;
  }

  private static MaeEngine engine(MaeSpec spec, String backend) {
    return engine(spec, StepSettings.of(Models.OPTIM), backend);
  }

  // In (4, 2), the kernel of the paper's code (4, not 4/2) would grow the grid past the target's.
  @ParameterizedTest
  @CsvSource({
    "aten double, 2, 1",
    "aten double, 2, 2",
    "aten double, 4, 1",
    "aten double, 4, 2",
    "nd4j double, 2, 1",
    "nd4j double, 2, 2",
    "nd4j double, 4, 2",
  })
  void wholeModelBackwardMatchesCentralDifferences(String backend, int d, int s) {
    MaeSpec spec = spec(d, s);
    WholeModelGradientTest.requireMatches(
        spec,
        MaeEngineTest.backend(backend),
        Models.images(spec, 2, 1),
        Models.shuffles(spec, 2, 2));
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 2", "4, 1", "4, 2", "4, 4"})
  void theLossIsThatOfThePredictionsWhereTheyAreHidden(int d, int s) {
    MaeSpec spec = spec(d, s);
    float[] images = Models.images(spec, 1, 1);
    int[] shuffle = Models.shuffles(spec, 1, 2);
    Grid large = new Grid(4 / s, 8 / s);
    int values = 2 * 2 * s * 2 * s;
    float[] targets = Patches.patchify(images, large, 2 * s, 2);
    double[] hidden = new double[large.patches()];
    for (int place = 7; place < 32; place++) {
      hidden[large.patch(shuffle[place] / 8 / s, shuffle[place] % 8 / s)] += 1.0 / (s * s);
    }
    try (MaeEngine engine = engine(spec, "aten double")) {
      float[] predictions = engine.predictions(images, shuffle);
      assertThat(predictions).hasSize(large.patches() * values);
      double errors = 0;
      double weights = 0;
      for (int patch = 0; patch < large.patches(); patch++) {
        Patches.normalize(targets, patch * values, values);
        double error = 0;
        for (int i = patch * values; i < (patch + 1) * values; i++) {
          error += Math.pow(predictions[i] - targets[i], 2) / values;
        }
        errors += hidden[patch] * error;
        weights += hidden[patch];
      }
      double expected = errors / weights;
      assertThat((double) engine.losses(images, shuffle)[0])
          .isCloseTo(expected, within(1e-5 * expected));
      assertThat(engine.gradient(images, shuffle).loss())
          .isCloseTo(expected, within(1e-5 * expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 2", "4, 2"})
  void backendsAndPrecisionsAgree(int d, int s) {
    MaeSpec spec = spec(d, s);
    float[] images = Models.images(spec, IMAGES, 1);
    int[] shuffles = Models.shuffles(spec, IMAGES, 2);
    try (MaeEngine exact = engine(spec, "aten double");
        MaeEngine aten = engine(spec, "aten fp32");
        MaeEngine nd4j = engine(spec, "nd4j fp32");
        MaeEngine half = engine(spec, "aten bf16")) {
      double loss = exact.gradient(images, shuffles).loss();
      assertThat(aten.gradient(images, shuffles).loss()).isCloseTo(loss, within(1e-5 * loss));
      assertThat(nd4j.gradient(images, shuffles).loss()).isCloseTo(loss, within(1e-5 * loss));
      assertThat(half.gradient(images, shuffles).loss()).isCloseTo(loss, within(1e-2 * loss));
      for (int step = 1; step <= 3; step++) {
        double stepped = aten.step(images, shuffles, 1e-3, step);
        assertThat(stepped)
            .isCloseTo(nd4j.step(images, shuffles, 1e-3, step), within(1e-4 * stepped));
        assertThat(stepped)
            .isCloseTo(half.step(images, shuffles, 1e-3, step), within(2e-2 * stepped));
      }
    }
  }

  // All of the batch's images weigh alike in parts of two and one, and nothing kept is needed.
  @ParameterizedTest
  @CsvSource({"aten double, 2, 1", "aten double, 4, 2", "nd4j double, 2, 2"})
  void partsAndRecomputationChangeNothing(String backend, int d, int s) {
    MaeSpec spec = spec(d, s);
    float[] images = Models.images(spec, IMAGES, 1);
    int[] shuffles = Models.shuffles(spec, IMAGES, 2);
    StepSettings block = new StepSettings(Models.OPTIM, 0, Recompute.BLOCK);
    StepSettings parts = new StepSettings(Models.OPTIM, 2, Recompute.NONE);
    try (MaeEngine plain = engine(spec, backend);
        MaeEngine recomputing = engine(spec, block, backend);
        MaeEngine splitting = engine(spec, parts, backend)) {
      double[] expected = plain.gradient(images, shuffles).gradient();
      assertThat(recomputing.gradient(images, shuffles).gradient()).isEqualTo(expected);
      assertThat(splitting.gradient(images, shuffles).gradient())
          .containsExactly(expected, within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16"})
  void nativeMemoryStaysFlat(String backend) {
    try (MaeEngine engine = engine(spec(4, 2), backend)) {
      MaeEngineTest.requireFlatNativeMemory(engine, 300);
    }
  }

  @Test
  void theLayoutHasPyTorchsKernels() {
    ParameterLayout layout = ParameterLayout.of(spec(4, 2));
    assertThat(layout.entry("decoder_downsample.weight").shape()).containsExactly(8, 8, 4, 4);
    assertThat(layout.entry("decoder_downsample.weight").decayed()).isTrue();
    assertThat(layout.entry("decoder_downsample.bias").shape()).containsExactly(8);
    assertThat(layout.entry("decoder_upsample.weight").shape()).containsExactly(8, 8, 2, 2);
    assertThat(layout.entry("decoder_upsample.bias").decayed()).isFalse();
    assertThat(layout.entry("decoder_pred.weight").shape()).containsExactly(2 * 4 * 4, 8);
    assertThat(ParameterLayout.of(spec(2, 2)).contains("decoder_upsample.weight")).isFalse();
    assertThat(ParameterLayout.of(spec(1, 1)).contains("decoder_downsample.weight")).isFalse();
    assertThat(CostModel.of(spec(4, 2)).parameters()).isEqualTo(layout.size());
    assertThat(CostModel.of(spec(4, 2)).encoderParameters())
        .isEqualTo(CostModel.of(spec(1, 1)).encoderParameters());
  }

  // Xavier, as for all other matrices, would give the first kernel a bound of 0.20, not 0.088.
  @ParameterizedTest
  @CsvSource({"decoder_downsample, 128", "decoder_upsample, 32"})
  void kernelsAndTheirBiasesKeepPyTorchsDefaults(String name, int fanIn) {
    ParameterLayout layout = ParameterLayout.of(spec(4, 2));
    SplittableRandom random = new SplittableRandom(1);
    double bound = 1 / Math.sqrt(fanIn);
    for (String part : new String[] {".weight", ".bias"}) {
      double largest = 0;
      for (float value : Initialization.draw(layout, layout.entry(name + part), random)) {
        largest = Math.max(largest, Math.abs(value));
      }
      double least = part.equals(".bias") ? 0.5 * bound : 0.97 * bound;
      assertThat(largest).isBetween(least, bound);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> spec(1, 2))
        .hasMessage("decoder down-sampling must be a multiple of the prediction's (2) but was 1");
    assertThatThrownBy(() -> spec(4, 3)).hasMessageContaining("multiple of the prediction's (3)");
    assertThatThrownBy(() -> spec(8, 1))
        .hasMessage("down-sampling must divide the grid (4 x 8 patches) but was 8");
    assertThatThrownBy(() -> spec(0, 1)).hasMessageContaining("but was 0");
  }
}
