package org.longmae.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.model.RelativeError;
import org.longmae.model.TestBackend;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * Attention whose scores all lie around a large or a very negative number, with gradients as small
 * as those of a large model: the softmax does not care, but an exponential without the row's
 * maximum, or a gradient divided by its sum, may leave the range of floats.
 */
@SuppressWarnings("try") // A scope acts by closing.
class AttentionRangeTest {
  private static final int TOKENS = 40;
  private static final int HEAD_SIZE = 16;

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (TestBackend backend :
        List.of(
            TestBackend.ATEN_DOUBLE,
            TestBackend.ATEN_FP32,
            TestBackend.ATEN_BF16,
            TestBackend.ND4J_FP32)) {
      for (int score : new int[] {-500, -90, -64, -40, 0, 20, 40, 52, 64, 90, 500}) {
        for (double gradient : new double[] {1, 1e-6, 1e-12}) {
          cases.add(Arguments.of(backend, score, gradient));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultAndGradientDoNotDependOnWhereScoresLie(
      TestBackend backend, int score, double gradient) {
    SplittableRandom random = new SplittableRandom(9);
    int stride = 3 * HEAD_SIZE;
    double[] qkv = new double[TOKENS * stride];
    double[] dContext = new double[TOKENS * HEAD_SIZE];
    for (int token = 0; token < TOKENS; token++) {
      for (int i = 1; i < stride; i++) {
        qkv[token * stride + i] = Math.rint(random.nextDouble(-1, 1) * 16) / 16;
      }
      // One column of queries and keys makes the scores' common part: 4 · k / √16 = k.
      qkv[token * stride] = 4;
      qkv[token * stride + HEAD_SIZE] = score;
      for (int a = 0; a < HEAD_SIZE; a++) {
        dContext[token * HEAD_SIZE + a] = gradient * Math.rint(random.nextDouble(-1, 1) * 64) / 64;
      }
    }
    double[] context;
    double[] dQkv;
    double[] dGiven;
    try (Ops ops = backend.open();
        Scope session = ops.session()) {
      Tensor qkv_RP = ops.computeZeros(TOKENS, stride);
      ops.set(qkv_RP, qkv);
      Tensor dContext_RD = ops.computeZeros(TOKENS, HEAD_SIZE);
      ops.set(dContext_RD, dContext);
      dGiven = ops.downloadDoubles(dContext_RD);
      Ops.Attended attended = ops.attention(qkv_RP, 1, 1, Ops.Keep.PROBABILITIES);
      context = ops.downloadDoubles(attended.context_RD());
      dQkv = ops.downloadDoubles(ops.attentionBackward(dContext_RD, attended));
    }
    assertThat(Arrays.stream(dQkv).allMatch(Double::isFinite)).isTrue();
    // The scores themselves are rounded: in bf16, 64 by up to 1/4, 500 to nothing to compare with.
    double rounding = backend == TestBackend.ATEN_BF16 ? Math.abs(score) / 256.0 : 0;
    if (rounding < 0.5) {
      double tolerance = 3 * backend.tolerance() + rounding;
      double[] expected = NaiveAttention.context(qkv, 1, TOKENS, 1, HEAD_SIZE);
      double[] expectedGradient = NaiveAttentionGradient.of(qkv, dGiven, TOKENS, HEAD_SIZE);
      assertThat(RelativeError.of(context, expected)).isLessThan(tolerance);
      assertThat(RelativeError.of(without(dQkv), without(expectedGradient))).isLessThan(tolerance);
    }
  }

  /**
   * Without the column that makes the common part of the scores: its gradient cancels but for
   * rounding.
   */
  private static double[] without(double[] dQkv) {
    double[] rest = dQkv.clone();
    for (int token = 0; token < TOKENS; token++) {
      rest[token * 3 * HEAD_SIZE] = 0;
      rest[token * 3 * HEAD_SIZE + HEAD_SIZE] = 0;
    }
    return rest;
  }
}
