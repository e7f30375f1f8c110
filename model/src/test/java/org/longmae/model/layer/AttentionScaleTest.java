package org.longmae.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.model.TestBackend;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class AttentionScaleTest {
  /**
   * Two tokens with scores s and 0 and values 1 and 0: the result is 1/(1 + e^−s), which gives s,
   * and so the factor before it, away.
   */
  @ParameterizedTest
  @CsvSource({
    "ATEN_DOUBLE, 64, 0.125",
    "ATEN_DOUBLE, 32, 0.1767767",
    "ATEN_DOUBLE, 80, 0.1118034",
    "ND4J_DOUBLE, 64, 0.125",
    "ND4J_DOUBLE, 32, 0.1767767",
    "ND4J_DOUBLE, 80, 0.1118034",
  })
  void scoresAreScaledByTheRootOfTheHeadSize(TestBackend backend, int headSize, double scale) {
    double[] qkv = new double[2 * 3 * headSize];
    qkv[0] = 1; // query of token 0
    qkv[headSize] = 3; // key of token 0; token 1 has a key of zero
    qkv[2 * headSize] = 1; // value of token 0
    try (Ops ops = backend.open();
        Scope session = ops.session()) {
      Tensor qkv_RP = ops.computeZeros(2, 3 * headSize);
      ops.set(qkv_RP, qkv);
      double p = ops.downloadDoubles(ops.attention(qkv_RP, 1, 1, Ops.Keep.NOTHING).context_RD())[0];
      assertThat(Math.log(p / (1 - p)) / 3).isCloseTo(scale, within(5e-8));
    }
  }
}
