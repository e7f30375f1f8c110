package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.conf.EvaluateConfig.Pooling;
import org.longmae.model.layer.NaiveMaskedAutoencoder;

/** Features against the papers' description in double, at the trained length and at another. */
class EncoderEngineTest {
  private static final int IMAGES = 2;
  private static final MaeCase CASE = new MaeCase(3, new Grid(3, 5), 2, 1, true);
  private static final Grid LONGER = new Grid(4, 6);

  @ParameterizedTest
  @EnumSource
  void featuresAreThoseOfTheDescription(TestBackend backend) {
    check(backend, CASE.spec(), EncoderSpec.of(CASE.spec()));
  }

  // The table of the trained grid must be resized; another grid's own table is another one.
  @ParameterizedTest
  @EnumSource
  void anotherLengthTakesTheResizedPositions(TestBackend backend) {
    MaeSpec spec = CASE.spec();
    MaeSpec longer =
        new MaeSpec(
            spec.channels(), LONGER, spec.patchSize(), spec.encoder(), spec.decoder(), 5, true);
    check(backend, longer, EncoderSpec.of(spec).transferredTo(LONGER, spec.patchSize()));
  }

  /**
   * @param seen the model as it is at the transfer length
   */
  private static void check(TestBackend backend, MaeSpec seen, EncoderSpec spec) {
    float[] images = Models.images(seen, IMAGES, 11);
    int width = seen.encoder().width();
    try (MaeEngine trained = EngineWeights.engine(CASE.spec(), backend);
        EncoderEngine encoder = EncoderEngine.open(spec, backend.open())) {
      copy(trained, encoder);
      float[] mean = encoder.features(images, Pooling.MEAN, 2);
      float[] token = encoder.features(images, Pooling.CLASS, 2);
      double[] expectedMean = new double[mean.length];
      double[] expectedToken = new double[token.length];
      var naive = new NaiveMaskedAutoencoder(seen, EngineWeights.byName(trained));
      for (int image = 0; image < IMAGES; image++) {
        double[] latent_TD = latent(naive, images, image, spec);
        for (int i = 0; i < width; i++) {
          expectedToken[image * width + i] = latent_TD[i];
          for (int patch = 0; patch < seen.patches(); patch++) {
            expectedMean[image * width + i] += latent_TD[(1 + patch) * width + i] / seen.patches();
          }
        }
      }
      double tolerance = Math.max(1e-6, 2 * backend.tolerance());
      assertThat(RelativeError.of(mean, expectedMean)).isLessThan(tolerance);
      assertThat(RelativeError.of(token, expectedToken)).isLessThan(tolerance);
    }
  }

  private static double[] latent(
      NaiveMaskedAutoencoder naive, float[] images, int image, EncoderSpec spec) {
    int values = spec.imageValues();
    float[] table = spec.positionTable();
    double[] positions_TD = new double[table.length];
    Arrays.setAll(positions_TD, i -> table[i]);
    float[] pixels = Arrays.copyOfRange(images, image * values, (image + 1) * values);
    return naive.encode(pixels, spec.grid().ofImages(1), positions_TD);
  }

  private static void copy(MaeEngine from, EncoderEngine to) {
    for (ParameterLayout.Entry entry : to.layout().entries()) {
      float[] values = new float[(int) entry.length()];
      from.read(StateVector.PARAMETERS, from.layout().entry(entry.name()).offset(), values);
      to.write(entry.offset(), values);
    }
  }

  @Test
  void anEarlierLayerIsAShallowerEncoder() {
    MaeSpec spec = CASE.spec();
    float[] images = Models.images(spec, 1, 11);
    try (MaeEngine trained = EngineWeights.engine(spec, TestBackend.ATEN_FP32);
        EncoderEngine two = EncoderEngine.open(EncoderSpec.of(spec), TestBackend.ATEN_FP32.open());
        EncoderEngine one =
            EncoderEngine.open(EncoderSpec.of(CASE.spec(1)), TestBackend.ATEN_FP32.open())) {
      copy(trained, two);
      copy(trained, one);
      float[] early = two.features(images, Pooling.MEAN, 1);
      assertThat(early).isEqualTo(one.features(images, Pooling.MEAN, 1));
      assertThat(early).isNotEqualTo(two.features(images, Pooling.MEAN, 2));
    }
  }

  @Test
  void picturesOfAnotherSizeAreRefused() {
    EncoderSpec spec = EncoderSpec.of(CASE.spec());
    try (EncoderEngine encoder = EncoderEngine.open(spec, TestBackend.ATEN_FP32.open())) {
      assertThatThrownBy(() -> encoder.features(new float[7], Pooling.MEAN, 2))
          .hasMessageContaining("images must have length [B, C·H·W=180]");
    }
  }
}
