package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.ConfigException;
import org.longmae.model.aten.AtenApart;
import org.longmae.model.aten.AtenLibrary;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

class MaeEngineTest {
  static Ops backend(String name) {
    return switch (name) {
      case "aten double" -> new AtenOps(Precision.DOUBLE, 1);
      case "aten fp32" -> new AtenOps(Precision.FP32, 2);
      case "aten bf16" -> new AtenOps(Precision.BF16, 2);
      case "apart double" -> AtenApart.open(Precision.DOUBLE, 1);
      case "apart fp32" -> AtenApart.open(Precision.FP32, 2);
      case "apart bf16" -> AtenApart.open(Precision.BF16, 2);
      case "nd4j double" -> new Nd4jOps(Precision.DOUBLE, 1);
      case "nd4j fp32" -> new Nd4jOps(Precision.FP32, 2);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static MaeEngine engine(MaeSpec spec, String backend) {
    MaeEngine engine = MaeEngine.open(spec, Models.OPTIM, backend(backend));
    engine.initialize(new SplittableRandom(1));
    return engine;
  }

  @Test
  void backendsAgreeOnStepsAndPredictions() {
    MaeSpec spec = Models.UNEQUAL;
    float[] images = Models.images(spec, 3, 1);
    int[] shuffles = Models.shuffles(spec, 3, 2);
    try (MaeEngine aten = engine(spec, "aten fp32");
        MaeEngine nd4j = engine(spec, "nd4j fp32")) {
      for (int step = 1; step <= 3; step++) {
        double loss = aten.step(images, shuffles, 1e-3, step);
        assertThat(loss).isCloseTo(nd4j.step(images, shuffles, 1e-3, step), within(1e-4 * loss));
      }
      assertThat(aten.predictions(images, shuffles))
          .containsExactly(nd4j.predictions(images, shuffles), within(1e-2f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten bf16", "apart bf16"})
  void bf16IsCloseToSinglePrecision(String backend) {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 4, 1);
    int[] shuffles = Models.shuffles(spec, 4, 2);
    try (MaeEngine half = engine(spec, backend);
        MaeEngine single = engine(spec, "aten fp32")) {
      MaeEngine.Gradient one = half.gradient(images, shuffles);
      MaeEngine.Gradient other = single.gradient(images, shuffles);
      // bf16 has 8 bits: 0.4 % a rounding.
      assertThat(one.loss()).isCloseTo(other.loss(), within(0.01 * other.loss()));
      assertThat(RelativeError.of(one.gradient(), other.gradient())).isLessThan(0.05);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "apart bf16", "nd4j fp32"})
  void overfitsASingleBatch(String backend) {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 4, 1);
    int[] shuffles = Models.shuffles(spec, 4, 2);
    int steps = backend.startsWith("nd4j") ? 60 : 150;
    try (MaeEngine engine = engine(spec, backend)) {
      double first = engine.step(images, shuffles, 5e-3, 1);
      double last = first;
      for (int step = 2; step <= steps; step++) {
        last = engine.step(images, shuffles, 5e-3, step);
      }
      assertThat(first).isBetween(0.8, 3.0);
      assertThat(last).isLessThan(0.5 * first);
    }
  }

  @Test
  void lossIgnoresVisiblePatches() {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 1, 1);
    int[] shuffles = Models.shuffles(spec, 1, 2);
    try (MaeEngine engine = engine(spec, "aten fp32")) {
      float loss = engine.losses(images, shuffles)[0];
      float[] patches = Patches.patchify(images, spec.grid(), spec.patchSize(), 3);
      float[] predictions = engine.predictions(images, shuffles);
      double squares = 0;
      int values = spec.patchValues();
      for (int place = spec.keptPatches(); place < spec.patches(); place++) {
        int start = shuffles[place] * values;
        Patches.normalize(patches, start, values);
        for (int i = start; i < start + values; i++) {
          squares += Math.pow(predictions[i] - patches[i], 2);
        }
      }
      double expected = squares / (spec.maskedPatches() * values);
      assertThat((double) loss).isCloseTo(expected, within(1e-5));
      // And the encoder never sees a hidden patch: changing one changes no prediction.
      float[] changed = images.clone();
      int hidden = shuffles[spec.patches() - 1];
      int row = hidden / 4 * 4;
      int col = hidden % 4 * 4;
      changed[row * 16 + col] += 3;
      assertThat(engine.predictions(changed, shuffles)).isEqualTo(predictions);
      assertThat(engine.losses(changed, shuffles)[0]).isNotEqualTo(loss);
    }
  }

  @Test
  void orderOfVisiblePatchesDoesNotMatter() {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 1, 1);
    int[] shuffles = Models.shuffles(spec, 1, 2);
    int[] swapped = shuffles.clone();
    swapped[0] = shuffles[2];
    swapped[2] = shuffles[0];
    try (MaeEngine engine = engine(spec, "aten double")) {
      assertThat(engine.predictions(images, swapped))
          .containsExactly(engine.predictions(images, shuffles), within(1e-6f));
    }
  }

  @Test
  void zeroPredictionLosesTheTargetsVariance() {
    MaeSpec spec = Models.SMALL;
    try (MaeEngine engine = MaeEngine.open(spec, Models.OPTIM, backend("aten fp32"))) {
      float[] loss = engine.losses(Models.images(spec, 2, 1), Models.shuffles(spec, 2, 2));
      // All weights are zero: the loss is (V − 1)/V, as the variance divides by V − 1.
      double expected = (spec.patchValues() - 1.0) / spec.patchValues();
      assertThat((double) loss[0]).isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void batchLossAndGradientAreMeansOverImages() {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 2, 1);
    int[] shuffles = Models.shuffles(spec, 2, 2);
    try (MaeEngine engine = engine(spec, "aten double")) {
      MaeEngine.Gradient both = engine.gradient(images, shuffles);
      int pixels = spec.imageValues();
      int patches = spec.patches();
      MaeEngine.Gradient first =
          engine.gradient(Arrays.copyOf(images, pixels), Arrays.copyOf(shuffles, patches));
      MaeEngine.Gradient second =
          engine.gradient(
              Arrays.copyOfRange(images, pixels, 2 * pixels),
              Arrays.copyOfRange(shuffles, patches, 2 * patches));
      assertThat(both.loss()).isCloseTo((first.loss() + second.loss()) / 2, within(1e-12));
      double[] mean = new double[first.gradient().length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (first.gradient()[i] + second.gradient()[i]) / 2;
      }
      assertThat(RelativeError.of(both.gradient(), mean)).isLessThan(1e-12);
      float[] losses = engine.losses(images, shuffles);
      assertThat((losses[0] + losses[1]) / 2.0).isCloseTo(both.loss(), within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "apart bf16", "nd4j fp32"})
  void sameInputsSameBits(String backend) {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 3, 1);
    int[] shuffles = Models.shuffles(spec, 3, 2);
    float[][] results = new float[2][];
    for (int run = 0; run < 2; run++) {
      try (MaeEngine engine = engine(spec, backend)) {
        for (int step = 1; step <= 4; step++) {
          engine.step(images, shuffles, 1e-3, step);
        }
        results[run] = new float[(int) engine.stateLength()];
        engine.read(StateVector.PARAMETERS, 0, results[run]);
      }
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "apart bf16", "nd4j fp32"})
  void stateReadAndWrittenContinuesWithTheSameBits(String backend) {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 2, 1);
    int[] shuffles = Models.shuffles(spec, 2, 2);
    try (MaeEngine engine = engine(spec, backend);
        MaeEngine copy = MaeEngine.open(spec, Models.OPTIM, backend(backend))) {
      engine.step(images, shuffles, 1e-3, 1);
      engine.step(images, shuffles, 1e-3, 2);
      for (StateVector vector : engine.vectors()) {
        int half = (int) engine.stateLength() / 2;
        float[] head = new float[half];
        float[] tail = new float[(int) engine.stateLength() - half];
        engine.read(vector, 0, head);
        engine.read(vector, half, tail);
        copy.write(vector, 0, head);
        copy.write(vector, half, tail);
      }
      assertThat(copy.losses(images, shuffles)).isEqualTo(engine.losses(images, shuffles));
      assertThat(copy.step(images, shuffles, 1e-3, 3))
          .isEqualTo(engine.step(images, shuffles, 1e-3, 3));
      float[] one = new float[(int) engine.stateLength()];
      float[] other = new float[(int) engine.stateLength()];
      engine.read(StateVector.PARAMETERS, 0, one);
      copy.read(StateVector.PARAMETERS, 0, other);
      assertThat(one).isEqualTo(other);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "apart bf16", "nd4j fp32"})
  void nonFiniteWeightStopsTheStep(String backend) {
    MaeSpec spec = Models.SMALL;
    float[] images = Models.images(spec, 2, 1);
    int[] shuffles = Models.shuffles(spec, 2, 2);
    try (MaeEngine engine = engine(spec, backend)) {
      long at = engine.layout().entry("blocks.1.mlp.fc1.weight").offset() + 5;
      float[] good = new float[1];
      engine.read(StateVector.PARAMETERS, at, good);
      engine.write(StateVector.PARAMETERS, at, new float[] {Float.NaN});
      float[] before = new float[(int) engine.stateLength()];
      engine.read(StateVector.PARAMETERS, 0, before);
      assertThatThrownBy(() -> engine.step(images, shuffles, 1e-3, 7))
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageContaining("blocks.1.mlp.fc1.weight")
          .hasMessageContaining("step 7");
      float[] after = new float[(int) engine.stateLength()];
      engine.read(StateVector.PARAMETERS, 0, after);
      assertThat(after).isEqualTo(before);
      engine.write(StateVector.PARAMETERS, at, good);
      assertThat(engine.step(images, shuffles, 1e-3, 7)).isFinite();
    }
  }

  @Test
  void batchSizeMayChangeFromCallToCall() {
    MaeSpec spec = Models.SMALL;
    try (MaeEngine engine = engine(spec, "aten bf16")) {
      for (int images : new int[] {4, 1, 3, 4}) {
        float[] pixels = Models.images(spec, images, 1);
        int[] shuffles = Models.shuffles(spec, images, 2);
        assertThat(engine.losses(pixels, shuffles)).hasSize(images);
        assertThat(engine.step(pixels, shuffles, 1e-4, 1)).isFinite();
        assertThat(engine.predictions(pixels, shuffles)).hasSize(images * 16 * 48);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "apart fp32", "apart bf16"})
  void nativeMemoryStaysFlat(String backend) {
    try (MaeEngine engine = engine(Models.SMALL, backend)) {
      requireFlatNativeMemory(engine, 500);
    }
  }

  /** Requires that steps leave nothing behind, without waiting for the garbage collector. */
  static void requireFlatNativeMemory(MaeEngine engine, int steps) {
    float[] images = Models.images(engine.spec(), 2, 1);
    int[] shuffles = Models.shuffles(engine.spec(), 2, 2);
    engine.step(images, shuffles, 1e-4, 1);
    engine.step(images, shuffles, 1e-4, 2);
    long before = Pointer.totalCount();
    for (int step = 3; step < steps; step++) {
      engine.step(images, shuffles, 1e-4, step);
    }
    // Not one native object a step more; the collector may be at work on what other tests left.
    assertThat(Pointer.totalCount()).isLessThan(before + 100);
  }

  @Test
  void wrongSizesAreRefused() {
    MaeSpec spec = Models.SMALL;
    try (MaeEngine engine = engine(spec, "aten fp32")) {
      float[] images = Models.images(spec, 2, 1);
      int[] shuffles = Models.shuffles(spec, 2, 2);
      assertThatThrownBy(() -> engine.losses(new float[5], shuffles))
          .hasMessageContaining("C·H·W=768");
      assertThatThrownBy(() -> engine.losses(images, new int[16]))
          .hasMessageContaining("[B=2, L=16]");
      shuffles[17] = shuffles[16];
      assertThatThrownBy(() -> engine.losses(images, shuffles))
          .hasMessageContaining("image 1 must be a permutation of 16 patches");
      assertThatThrownBy(() -> engine.read(StateVector.PARAMETERS, -1, new float[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  // Today's reason to refuse is a build or a machine without a GPU; one that has it is let in.
  @ParameterizedTest
  @EnumSource(
      value = ComputeConfig.Backend.class,
      names = {"AUTO", "ATEN"})
  void aGpuThatIsAskedForIsNeverReplacedByTheProcessor(ComputeConfig.Backend backend) {
    ComputeConfig compute =
        new ComputeConfig(backend, ComputeConfig.Device.CUDA, ComputeConfig.Precision.AUTO, 0);
    try (MaeEngine engine =
        MaeEngine.open(Models.SMALL, StepSettings.of(Models.OPTIM), compute, 1)) {
      assertThat(engine.description()).startsWith("aten/cuda:0");
    } catch (ConfigException e) {
      assertThat(e).hasMessageContaining("compute.device = cuda needs");
      assertThat(AtenLibrary.cudaDevices()).isZero();
    }
  }

  @Test
  void nd4jOnAProcessorIsNotPassedOffAsAGpu() {
    assumeThat(Nd4jOps.computesOnGpu()).isFalse();
    ComputeConfig compute =
        new ComputeConfig(
            ComputeConfig.Backend.ND4J, ComputeConfig.Device.CUDA, ComputeConfig.Precision.AUTO, 0);
    assertThatThrownBy(
            () -> MaeEngine.open(Models.SMALL, StepSettings.of(Models.OPTIM), compute, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("-Pnd4j-cuda");
  }

  @Test
  void automaticChoiceOpensAndSaysWhatItIs() {
    ComputeConfig compute =
        new ComputeConfig(
            ComputeConfig.Backend.AUTO, ComputeConfig.Device.AUTO, ComputeConfig.Precision.AUTO, 0);
    try (MaeEngine engine =
        MaeEngine.open(Models.SMALL, StepSettings.of(Models.OPTIM), compute, 1)) {
      assertThat(engine.description()).matches("aten/(cpu|cuda:0.*)/(fp32|bf16), 1 thread");
      assertThat(engine.stateLength()).isEqualTo(engine.layout().size());
    }
  }
}
