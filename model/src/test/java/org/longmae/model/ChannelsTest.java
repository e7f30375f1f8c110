package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.ops.Precision;

/** The model takes any number of channels, though pictures are decoded to one or three. */
class ChannelsTest {
  private static final int SIDE = 2;

  /** Higher than wide, so that neither rows and columns nor channels can hide an exchange. */
  private static MaeSpec spec(int channels) {
    return new MaeSpec(
        channels,
        new Grid(4, 3),
        SIDE,
        new TransformerConfig(24, 2, 2),
        new TransformerConfig(16, 1, 2),
        3,
        false);
  }

  private static MaeEngine engine(int channels) {
    MaeEngine engine =
        MaeEngine.open(spec(channels), Models.OPTIM, new AtenOps(Precision.DOUBLE, 1));
    engine.initialize(new SplittableRandom(1));
    return engine;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void lossComparesEachPixelWithItsOwnPrediction(int channels) {
    MaeSpec spec = spec(channels);
    float[] image_CHW = Models.images(spec, 1, 1);
    int[] shuffle_L = Models.shuffles(spec, 1, 2);
    try (MaeEngine engine = engine(channels)) {
      float[] predictions_LV = engine.predictions(image_CHW, shuffle_L);
      double squares = 0;
      int width = 3 * SIDE;
      int plane = 4 * SIDE * width;
      for (int place = spec.keptPatches(); place < spec.patches(); place++) {
        int patch = shuffle_L[place];
        for (int k = 0; k < spec.patchValues(); k++) {
          int y = patch / 3 * SIDE + k / channels / SIDE;
          int x = patch % 3 * SIDE + k / channels % SIDE;
          float pixel = image_CHW[k % channels * plane + y * width + x];
          squares += Math.pow(predictions_LV[patch * spec.patchValues() + k] - pixel, 2);
        }
      }
      double expected = squares / (spec.maskedPatches() * spec.patchValues());
      assertThat((double) engine.losses(image_CHW, shuffle_L)[0])
          .isCloseTo(expected, within(1e-5 * expected));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void patchKernelsGradientMatchesCentralDifferences(int channels) {
    MaeSpec spec = spec(channels);
    float[] images = Models.images(spec, 2, 1);
    int[] shuffles = Models.shuffles(spec, 2, 2);
    try (MaeEngine engine = engine(channels)) {
      double[] gradient = engine.gradient(images, shuffles).gradient();
      for (String name : new String[] {"patch_embed.proj.weight", "decoder_pred.weight"}) {
        ParameterLayout.Entry entry = engine.layout().entry(name);
        for (long i = 0; i < entry.length(); i += 7) {
          double numeric = difference(engine, images, shuffles, entry.offset() + i);
          assertThat(gradient[(int) (entry.offset() + i)])
              .as("%s, element %s", name, i)
              .isCloseTo(numeric, within(1e-6 * Math.max(1, Math.abs(numeric))));
        }
      }
    }
  }

  private static double difference(MaeEngine engine, float[] images, int[] shuffles, long at) {
    float[] value = new float[1];
    engine.read(StateVector.PARAMETERS, at, value);
    // The steps that floats can hold, exactly.
    float above = value[0] + 0x1p-11f;
    float below = value[0] - 0x1p-11f;
    double difference =
        loss(engine, images, shuffles, at, above) - loss(engine, images, shuffles, at, below);
    engine.write(StateVector.PARAMETERS, at, value);
    return difference / ((double) above - below);
  }

  private static double loss(
      MaeEngine engine, float[] images, int[] shuffles, long at, float value) {
    engine.write(StateVector.PARAMETERS, at, new float[] {value});
    return engine.gradient(images, shuffles).loss();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void overfitsASingleBatch(int channels) {
    MaeSpec spec = spec(channels);
    float[] images = Models.images(spec, 2, 1);
    int[] shuffles = Models.shuffles(spec, 2, 2);
    try (MaeEngine engine = engine(channels)) {
      double first = engine.step(images, shuffles, 5e-3, 1);
      double last = first;
      for (int step = 2; step <= 150; step++) {
        last = engine.step(images, shuffles, 5e-3, step);
      }
      assertThat(last).isLessThan(0.5 * first);
    }
  }
}
