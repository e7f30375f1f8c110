package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassAttentionTest {
  private static final Offset<Float> NEAR = within(1e-6f);

  // Two images of two patches, two heads of one value: softmax over three keys, written out.
  @Test
  void sharesAreTheSoftmaxOfTheClassTokensQuery() {
    float[] qkv = {
      // query, key, value: head 1 and head 2
      1, 2, 0, 0, 9, 9,
      7, 7, 1, 0, 9, 9,
      7, 7, 0, 1, 9, 9,
      // the second image's class token asks for nothing
      0, 0, 5, 5, 9, 9,
      7, 7, 6, 7, 9, 9,
      7, 7, 8, 9, 9, 9,
    };
    float[] shares = ClassAttention.of(qkv, 2, 2, 2);
    double first = Math.E / (2 + Math.E);
    double second = Math.exp(2) / (2 + Math.exp(2));
    assertThat(shares).hasSize(4);
    assertThat(shares[0]).isCloseTo((float) ((first + (1 - second) / 2) / 2), NEAR);
    assertThat(shares[1]).isCloseTo((float) (((1 - first) / 2 + second) / 2), NEAR);
    assertThat(shares[2]).isCloseTo(1 / 3f, NEAR);
    assertThat(shares[3]).isCloseTo(1 / 3f, NEAR);
  }

  @Test
  void logitsAreDividedByTheRootOfAHeadsSize() {
    float[] qkv = {
      1, 1, 1, 1, 0, 0, 0, 0, 9, 9, 9, 9,
      7, 7, 7, 7, 1, 1, 1, 1, 9, 9, 9, 9
    };
    assertThat(ClassAttention.of(qkv, 1, 4, 1)[0])
        .isCloseTo((float) (1 / (1 + Math.exp(-2))), NEAR);
  }

  // In the last block: what the blocks before it do with a patch moves its share.
  @Test
  void backendsAgreeOnTheSharesOfAModel() {
    float[] pixels = Models.images(Models.UNEQUAL, 2, 1);
    float[] aten;
    try (MaeEngine engine = EngineWeights.engine(Models.UNEQUAL, TestBackend.ATEN_FP32)) {
      float[] weights = EngineWeights.all(engine, StateVector.PARAMETERS);
      aten = shares(TestBackend.ATEN_FP32, weights, pixels);
      float[] nd4j = shares(TestBackend.ND4J_FP32, weights, pixels);
      for (int i = 0; i < aten.length; i++) {
        assertThat(aten[i]).isPositive().isCloseTo(nd4j[i], within(1e-5f));
      }
      long qkv = engine.layout().entry("blocks.1.attn.qkv.weight").offset();
      long length = engine.layout().entry("blocks.1.attn.qkv.weight").length();
      long bias = engine.layout().entry("blocks.1.attn.qkv.bias").offset();
      Arrays.fill(weights, (int) qkv, (int) (qkv + length), 0);
      Arrays.fill(weights, (int) bias, (int) bias + 3 * 12, 0);
      // Nothing asked, nothing preferred: six patches and the class token.
      assertThat(shares(TestBackend.ATEN_FP32, weights, pixels))
          .containsOnly(new float[] {1 / 7f}, NEAR);
    }
    assertThat(aten).hasSize(2 * 6).doesNotHaveDuplicates();
  }

  private static float[] shares(TestBackend backend, float[] weights, float[] pixels) {
    try (MaeInference inference = MaeInference.open(Models.UNEQUAL, backend.open())) {
      inference.write(0, weights);
      return inference.attention(pixels);
    }
  }
}
