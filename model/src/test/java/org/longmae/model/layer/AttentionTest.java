package org.longmae.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.model.aten.AtenApart;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class AttentionTest {
  private static final int IMAGES = 3;
  private static final int TOKENS = 5;
  private static final int HEADS = 2;
  private static final int HEAD_SIZE = 4;

  static Stream<Ops> backends() {
    return Stream.of(
        new AtenOps(Precision.DOUBLE, 1),
        new AtenOps(Precision.FP32, 2),
        new AtenOps(Precision.BF16, 2),
        AtenApart.open(Precision.DOUBLE, 1),
        AtenApart.open(Precision.FP32, 2),
        AtenApart.open(Precision.BF16, 2),
        new Nd4jOps(Precision.DOUBLE, 1),
        new Nd4jOps(Precision.FP32, 2));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void fastAttentionMatchesNaive(Ops backend) {
    SplittableRandom random = new SplittableRandom(1);
    double[] qkv = new double[IMAGES * TOKENS * 3 * HEADS * HEAD_SIZE];
    for (int i = 0; i < qkv.length; i++) {
      // Multiples of 1/64, so that every precision sees the same numbers.
      qkv[i] = Math.rint(random.nextDouble(-2, 2) * 64) / 64;
    }
    double[] expected = NaiveAttention.context(qkv, IMAGES, TOKENS, HEADS, HEAD_SIZE);
    double tolerance =
        switch (backend.precision()) {
          case DOUBLE -> 1e-12;
          case FP32 -> 1e-5;
          case BF16 -> 3e-2; // scores, probabilities and result are each rounded to 8 bits
        };
    try (Ops ops = backend;
        Scope session = ops.session()) {
      Tensor qkv_RP = ops.computeZeros(IMAGES * TOKENS, 3 * HEADS * HEAD_SIZE);
      ops.set(qkv_RP, qkv);
      for (Ops.Keep keep : Ops.Keep.values()) {
        double[] actual =
            ops.downloadDoubles(ops.attention(qkv_RP, IMAGES, HEADS, keep).context_RD());
        assertThat(actual).containsExactly(expected, within(tolerance));
      }
    }
  }
}
