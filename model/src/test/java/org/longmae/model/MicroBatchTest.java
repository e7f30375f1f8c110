package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

class MicroBatchTest {
  private static final MaeSpec SPEC = Models.UNEQUAL;
  private static final int IMAGES = 5;
  private static final float[] PIXELS = Models.images(SPEC, IMAGES, 1);
  private static final int[] SHUFFLES = Models.shuffles(SPEC, IMAGES, 2);

  private static MaeEngine engine(int microBatch, Ops ops) {
    MaeEngine engine = MaeEngine.open(SPEC, settings(microBatch), ops);
    engine.initialize(new SplittableRandom(1));
    return engine;
  }

  private static StepSettings settings(int microBatch) {
    return new StepSettings(Models.OPTIM, microBatch, Recompute.NONE);
  }

  // Parts of 2, 2 and 1: the mean of the parts' means would give the last image twice its weight.
  @ParameterizedTest
  @CsvSource({
    "aten double, 1e-13",
    "nd4j double, 1e-13",
    "aten fp32, 1e-5",
    "nd4j fp32, 1e-5",
    "aten bf16, 3e-2" // each part's gradient is rounded to 8 bits before it is added
  })
  void partsAddUpToTheWholeBatch(String backend, double tolerance) {
    try (MaeEngine whole = engine(0, MaeEngineTest.backend(backend));
        MaeEngine split = engine(2, MaeEngineTest.backend(backend))) {
      MaeEngine.Gradient expected = whole.gradient(PIXELS, SHUFFLES);
      // Twice: what the first call leaves behind must not be added to the second.
      for (int call = 0; call < 2; call++) {
        MaeEngine.Gradient actual = split.gradient(PIXELS, SHUFFLES);
        assertThat(actual.loss()).isCloseTo(expected.loss(), within(tolerance * expected.loss()));
        assertThat(RelativeError.of(actual.gradient(), expected.gradient())).isLessThan(tolerance);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten fp32", "aten bf16", "nd4j fp32"})
  void oneMicroBatchIsTheWholeBatchBitForBit(String backend) {
    float[][] weights = new float[2][];
    for (int run = 0; run < 2; run++) {
      try (MaeEngine engine = engine(run * IMAGES, MaeEngineTest.backend(backend))) {
        engine.step(PIXELS, SHUFFLES, 1e-3, 1);
        engine.step(PIXELS, SHUFFLES, 1e-3, 2);
        weights[run] = new float[(int) engine.stateLength()];
        engine.read(StateVector.PARAMETERS, 0, weights[run]);
      }
    }
    assertThat(weights[1]).isEqualTo(weights[0]);
  }

  @Test
  void memoryIsForTheMicroBatch() {
    MaeSpec spec = Models.SMALL;
    int images = 64;
    long[] bytes = new long[3];
    int[] sizes = {0, 64, 8};
    for (int run = 0; run < 3; run++) {
      AtenOps ops = new AtenOps(Precision.FP32, 1);
      try (MaeEngine engine = MaeEngine.open(spec, settings(sizes[run]), ops)) {
        engine.step(Models.images(spec, images, 1), Models.shuffles(spec, images, 2), 1e-3, 1);
        bytes[run] = ops.bufferBytes();
      }
    }
    assertThat(bytes[1]).isEqualTo(bytes[0]);
    assertThat(bytes[2]).isLessThan(bytes[0] / 2);
  }

  @Test
  void aPartThatIsNotFiniteLeavesTheStateAsItWas() {
    float[] broken = PIXELS.clone();
    Arrays.fill(broken, PIXELS.length - SPEC.imageValues(), PIXELS.length, Float.NaN);
    try (MaeEngine engine = engine(2, MaeEngineTest.backend("aten fp32"))) {
      float[] before = new float[(int) engine.stateLength()];
      engine.read(StateVector.PARAMETERS, 0, before);
      assertThatThrownBy(() -> engine.step(broken, SHUFFLES, 1e-3, 3))
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageContaining("the loss is not finite at step 3");
      float[] after = new float[(int) engine.stateLength()];
      engine.read(StateVector.PARAMETERS, 0, after);
      assertThat(after).isEqualTo(before);
      assertThat(engine.step(PIXELS, SHUFFLES, 1e-3, 3)).isFinite();
    }
  }

  @Test
  void aWrongShuffleIsNamedByItsPlaceInTheBatch() {
    int[] wrong = SHUFFLES.clone();
    wrong[wrong.length - 1] = wrong[wrong.length - 2];
    try (MaeEngine engine = engine(2, MaeEngineTest.backend("aten fp32"))) {
      assertThatThrownBy(() -> engine.step(PIXELS, wrong, 1e-3, 1))
          .hasMessageContaining("image 4 must be a permutation");
    }
  }
}
