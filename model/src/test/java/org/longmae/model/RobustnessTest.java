package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures that nobody wishes for are trained on; weights that are no numbers stop the step. */
class RobustnessTest {
  private static final int IMAGES = 2;
  private static final float HALF_MAX = 65504;
  private static final float HALF_MIN = 6e-8f;

  /** A picture's pixel values, by their place in it. */
  private enum Pixels {
    BLACK {
      @Override
      float value(int at, SplittableRandom random) {
        return 0;
      }
    },
    /** What black becomes after normalisation by ImageNet's mean and deviation. */
    NORMALIZED_BLACK {
      @Override
      float value(int at, SplittableRandom random) {
        return -0.485f / 0.229f;
      }
    },
    /** Patches of one value each: rows of 16 pixels, 4 patches across, 4 rows of pixels a patch. */
    FLAT_PATCHES {
      @Override
      float value(int at, SplittableRandom random) {
        return at % 16 / 4 + at / 64 % 4 * 0.1f;
      }
    },
    LARGEST_HALVES {
      @Override
      float value(int at, SplittableRandom random) {
        return random.nextBoolean() ? HALF_MAX : -HALF_MAX;
      }
    },
    SMALLEST_HALVES {
      @Override
      float value(int at, SplittableRandom random) {
        return random.nextBoolean() ? HALF_MIN : -HALF_MIN;
      }
    },
    LARGEST_AND_SMALLEST {
      @Override
      float value(int at, SplittableRandom random) {
        return random.nextInt(4) == 0 ? HALF_MAX : HALF_MIN;
      }
    };

    abstract float value(int at, SplittableRandom random);

    float[] images(MaeSpec spec) {
      SplittableRandom random = new SplittableRandom(5);
      float[] images = new float[IMAGES * spec.imageValues()];
      for (int i = 0; i < images.length; i++) {
        images[i] = value(i, random);
      }
      return images;
    }
  }

  static List<Arguments> oddPictures() {
    List<Arguments> cases = new ArrayList<>();
    for (TestBackend backend :
        List.of(TestBackend.ATEN_FP32, TestBackend.ATEN_BF16, TestBackend.ND4J_FP32)) {
      for (Pixels pixels : Pixels.values()) {
        cases.add(Arguments.of(backend, pixels, true));
        cases.add(Arguments.of(backend, pixels, false));
      }
    }
    return cases;
  }

  // A variance of zero, a square beyond fp16, a product that underflows: none may become NaN.
  @ParameterizedTest
  @MethodSource("oddPictures")
  void oddPicturesGiveFiniteLossesGradientsAndSteps(
      TestBackend backend, Pixels pixels, boolean normalizedTarget) {
    MaeSpec spec = small(normalizedTarget);
    float[] images = pixels.images(spec);
    int[] shuffles = Models.shuffles(spec, IMAGES, 2);
    try (MaeEngine engine = EngineWeights.engine(spec, backend)) {
      MaeEngine.Gradient gradient = engine.gradient(images, shuffles);
      assertThat(gradient.loss()).isFinite().isPositive();
      assertThat(Arrays.stream(gradient.gradient()).allMatch(Double::isFinite)).isTrue();
      if (pixels == Pixels.LARGEST_HALVES) {
        // The extremes arrive: squared as they are, or brought to a deviation of 1.
        assertThat(gradient.loss())
            .isBetween(normalizedTarget ? 0.5 : 4e9, normalizedTarget ? 100 : 5e9);
      }
      for (int step = 1; step <= 3; step++) {
        assertThat(engine.step(images, shuffles, 1e-3, step)).isFinite();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ATEN_FP32", "ATEN_BF16", "ND4J_FP32"})
  void aWeightThatIsNoNumberIsNamedAndNothingChanges(TestBackend backend) {
    MaeSpec spec = small(true);
    float[] images = Models.images(spec, IMAGES, 1);
    int[] shuffles = Models.shuffles(spec, IMAGES, 2);
    SplittableRandom random = new SplittableRandom(6);
    try (MaeEngine engine = EngineWeights.engine(spec, backend)) {
      engine.step(images, shuffles, 1e-3, 1);
      for (ParameterLayout.Entry entry : engine.layout().entries()) {
        long at = entry.offset() + random.nextLong(entry.length());
        float[] good = new float[1];
        engine.read(StateVector.PARAMETERS, at, good);
        for (float bad :
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          engine.write(StateVector.PARAMETERS, at, new float[] {bad});
          List<float[]> before = EngineWeights.state(engine);
          assertThatThrownBy(() -> engine.step(images, shuffles, 1e-3, 2))
              .as("%s = %s", entry.name(), bad)
              .isInstanceOf(NonFiniteLossException.class)
              .hasMessageContaining("the weight of " + entry.name() + " ");
          List<float[]> after = EngineWeights.state(engine);
          for (int vector = 0; vector < before.size(); vector++) {
            assertThat(after.get(vector)).isEqualTo(before.get(vector));
          }
        }
        engine.write(StateVector.PARAMETERS, at, good);
      }
      assertThat(engine.step(images, shuffles, 1e-3, 2)).isFinite();
    }
  }

  private static MaeSpec small(boolean normalizedTarget) {
    MaeSpec spec = Models.SMALL;
    return new MaeSpec(
        spec.channels(),
        spec.grid(),
        spec.patchSize(),
        spec.encoder(),
        spec.decoder(),
        spec.keptPatches(),
        normalizedTarget);
  }
}
