package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class RecomputeTest {
  private static final int IMAGES = 4;
  private static final int WIDTH = 16;

  // A run that was restarted with another setting must end in the same bits.
  @ParameterizedTest
  @ValueSource(strings = {"aten double", "aten fp32", "aten bf16", "nd4j double", "nd4j fp32"})
  void whatIsComputedAgainIsTheSameBits(String backend) {
    MaeSpec spec = Models.UNEQUAL;
    float[] images = Models.images(spec, 3, 1);
    int[] shuffles = Models.shuffles(spec, 3, 2);
    MaeEngine.Gradient expected = null;
    for (Recompute recompute : Recompute.values()) {
      StepSettings settings = new StepSettings(Models.OPTIM, 0, recompute);
      try (MaeEngine engine = MaeEngine.open(spec, settings, MaeEngineTest.backend(backend))) {
        engine.initialize(new SplittableRandom(1));
        engine.step(images, shuffles, 1e-3, 1);
        MaeEngine.Gradient gradient = engine.gradient(images, shuffles);
        if (expected == null) {
          expected = gradient;
          assertThat(gradient.gradient()).isNotEqualTo(new double[gradient.gradient().length]);
        }
        assertThat(gradient.loss()).as("%s", recompute).isEqualTo(expected.loss());
        assertThat(gradient.gradient()).as("%s", recompute).isEqualTo(expected.gradient());
      }
    }
  }

  // Without a scope for each block's forward, or with two blocks' activations at a time, the bits
  // are right and the memory is not.
  @Test
  void aBlockMoreKeepsWhatTheSettingSays() {
    long rows = IMAGES * 65L;
    long probabilities = 65 * 65 * 2L * IMAGES;
    long none = numbersOfABlock(Recompute.NONE);
    long attention = numbersOfABlock(Recompute.ATTENTION);
    assertThat(none - attention).isEqualTo(probabilities);
    // Query, key, value twice; context, projection, result; hidden before and after GELU.
    assertThat(attention).isGreaterThan(15 * rows * WIDTH);
    assertThat(numbersOfABlock(Recompute.BLOCK)).isEqualTo(rows * WIDTH);
  }

  /** Numbers by which the buffers grow with each block of the decoder, without its weights. */
  private static long numbersOfABlock(Recompute recompute) {
    int more = 4;
    long growth = buffers(recompute, 2 + more) - buffers(recompute, 2);
    return growth / more / Double.BYTES;
  }

  private static long buffers(Recompute recompute, int depth) {
    MaeSpec spec =
        new MaeSpec(
            3,
            new Grid(8, 8),
            2,
            new TransformerConfig(8, 1, 2),
            new TransformerConfig(WIDTH, depth, 2),
            16,
            true);
    ParameterLayout layout = ParameterLayout.of(spec);
    TokenOrder order = TokenOrder.of(IMAGES, spec.patches(), 16, Models.shuffles(spec, IMAGES, 2));
    try (AtenOps ops = new AtenOps(Precision.DOUBLE, 1)) {
      Tensor weights = ops.stateZeros(layout.size());
      Tensor gradient = ops.stateZeros(layout.size());
      MaeParameters p = MaeParameters.of(ops, spec, layout, weights, 0, weights);
      MaeParameters grad = MaeParameters.of(ops, spec, layout, gradient, 0, gradient);
      MaskedAutoencoder model = new MaskedAutoencoder(ops, spec, recompute);
      long before = ops.bufferBytes();
      try (Scope session = ops.session()) {
        model.backward(model.forward(Models.images(spec, IMAGES, 1), order, p), 1, p, grad);
      }
      return ops.bufferBytes() - before;
    }
  }
}
