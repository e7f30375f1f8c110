package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class AtenAttentionTest {
  private static final int IMAGES = 5;
  private static final int TOKENS = 7;
  private static final int HEADS = 2;
  private static final int WIDTH = 8;

  private record Result(double[] context, double[] dQkv) {}

  // ViT-B at L = 784 takes these paths, small models never: several chunks, the last one smaller,
  // and probabilities recomputed for backward. One image has 2 * 7 * 7 = 98 scores.
  @ParameterizedTest
  @CsvSource({"1, 1000000", "196, 1000000", "1000000, 0", "1, 0", "196, 0"})
  void chunksAndRecomputationChangeNothing(long chunk, long kept) {
    Result expected = attend(AtenAttention.Limits.DEFAULT);
    Result actual = attend(new AtenAttention.Limits(chunk, kept));
    assertThat(actual.context()).containsExactly(expected.context(), within(1e-13));
    assertThat(actual.dQkv()).containsExactly(expected.dQkv(), within(1e-13));
  }

  private static Result attend(AtenAttention.Limits limits) {
    SplittableRandom random = new SplittableRandom(3);
    try (Ops ops = new AtenOps(Precision.DOUBLE, 1, limits);
        Scope session = ops.session();
        Scope scope = ops.scope()) {
      Tensor qkv_RP = random(ops, random, 3 * WIDTH);
      Ops.Attended attended = ops.attention(qkv_RP, IMAGES, HEADS, Ops.Keep.PROBABILITIES);
      double[] context = ops.downloadDoubles(attended.context_RD());
      Tensor dQkv_RP = ops.attentionBackward(random(ops, random, WIDTH), attended);
      return new Result(context, ops.downloadDoubles(dQkv_RP));
    }
  }

  private static Tensor random(Ops ops, SplittableRandom random, int columns) {
    Tensor tensor = ops.computeZeros(IMAGES * TOKENS, columns);
    ops.set(tensor, random.doubles(IMAGES * TOKENS * columns, -2, 2).toArray());
    return tensor;
  }
}
