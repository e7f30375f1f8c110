package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.conf.TransformerConfig;

/**
 * The same steps give the same bits in another engine: what a resumed run and a retried task stand
 * on. At 784 patches the decoder's scores, 2.5 million a picture, do not fit into one chunk of
 * attention, and rows are long enough for every vectorised kernel to have a main loop and a rest.
 */
class SameBitsTest {
  private static final MaeSpec LONG =
      new MaeSpec(
          3,
          new Grid(28, 28),
          2,
          new TransformerConfig(24, 2, 2),
          new TransformerConfig(16, 2, 4),
          196,
          true);

  private static final int IMAGES = 3;

  @ParameterizedTest
  @EnumSource(names = {"ATEN_FP32", "ATEN_BF16"})
  void longSequencesGiveTheSameBitsInAnotherEngine(TestBackend backend) {
    List<float[]> first = trained(backend);
    List<float[]> second = trained(backend);
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i)).isEqualTo(first.get(i));
    }
    // Training moved the weights, or equal bits would mean nothing.
    assertThat(first.get(0)).isNotEqualTo(first.get(1));
  }

  /** Weights before, then weights, moments, losses and predictions after three steps. */
  private static List<float[]> trained(TestBackend backend) {
    float[] images = Models.images(LONG, IMAGES, 1);
    int[] shuffles = Models.shuffles(LONG, IMAGES, 2);
    List<float[]> bits = new ArrayList<>();
    try (MaeEngine engine = EngineWeights.engine(LONG, backend)) {
      bits.add(EngineWeights.all(engine, StateVector.PARAMETERS));
      for (int step = 1; step <= 3; step++) {
        engine.step(images, shuffles, 1e-3, step);
      }
      bits.addAll(EngineWeights.state(engine));
      bits.add(engine.losses(images, shuffles));
      bits.add(engine.predictions(images, shuffles));
    }
    return bits;
  }
}
