package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.model.layer.NaiveMaskedAutoencoder;

/**
 * The whole forward, from pixels to loss, against the papers' description in double: patch order,
 * kernel order, positions, gather and scatter of tokens, target and mask. All that the fast one
 * leaves out (embedding hidden patches, predicting visible ones) is done by the oracle.
 */
class MaskedAutoencoderOracleTest {
  private static final int IMAGES = 2;

  static List<Arguments> everyCase() {
    List<Arguments> cases = new ArrayList<>();
    for (TestBackend backend : TestBackend.values()) {
      for (MaeCase one : MaeCase.all()) {
        cases.add(Arguments.of(backend, one));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  void lossIsThatOfTheDescription(TestBackend backend, MaeCase one) {
    float[] images = one.images(IMAGES);
    int[] shuffles = one.shuffles(IMAGES);
    try (MaeEngine engine = EngineWeights.engine(one.spec(), backend)) {
      double expected = naive(one, engine).loss(images, shuffles);
      double training = engine.gradient(images, shuffles).loss();
      assertThat(training).isCloseTo(expected, withinPercentage(100 * backend.tolerance()));
      float[] losses = engine.losses(images, shuffles);
      double inference = (losses[0] + (double) losses[1]) / 2;
      // What is read out of an engine are floats.
      double tolerance = Math.max(1e-6, backend.tolerance());
      assertThat(inference).isCloseTo(expected, within(tolerance * expected));
    }
  }

  @ParameterizedTest
  @EnumSource
  void predictionsOfAllPatchesAreThoseOfTheDescription(TestBackend backend) {
    for (MaeCase one : MaeCase.units(3, true)) {
      float[] images = one.images(IMAGES);
      int[] shuffles = one.shuffles(IMAGES);
      try (MaeEngine engine = EngineWeights.engine(one.spec(), backend)) {
        double[] expected = naive(one, engine).predictions(images, shuffles);
        assertThat(RelativeError.of(engine.predictions(images, shuffles), expected))
            .as("%s", one)
            .isLessThan(Math.max(1e-7, 2 * backend.tolerance()));
      }
    }
  }

  private static NaiveMaskedAutoencoder naive(MaeCase one, MaeEngine engine) {
    return new NaiveMaskedAutoencoder(one.spec(), EngineWeights.byName(engine));
  }
}
