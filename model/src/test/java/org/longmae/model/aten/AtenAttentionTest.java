package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class AtenAttentionTest {
  private static final int IMAGES = 5;
  private static final int TOKENS = 7;
  private static final int HEADS = 2;

  /** Heads of 3, which fused kernels do not take. */
  private static final int WIDTH = 6;

  private record Result(double[] context, double[] dQkv) {}

  // ViT-B at L = 784 takes these paths, small models never: several chunks, the last one smaller,
  // and probabilities recomputed for backward. One image has 2 * 7 * 7 = 98 scores.
  @ParameterizedTest
  @CsvSource({"1, 1000000", "196, 1000000", "1000000, 0", "1, 0", "196, 0"})
  void chunksAndRecomputationChangeNothing(long chunk, long kept) {
    Result expected = attend(aten(AttentionLimits.DEFAULT), 2);
    Result actual = attend(aten(new AttentionLimits(chunk, kept)), 2);
    assertThat(actual.context()).containsExactly(expected.context(), within(1e-13));
    assertThat(actual.dQkv()).containsExactly(expected.dQkv(), within(1e-13));
  }

  @ParameterizedTest
  @CsvSource({"2, 1000000", "20, 1000000", "100, 1000000", "20, 0"})
  void scoresBeyondTheRangeOfExpAreAttendedToAsSmallOnes(double range, long kept) {
    Result expected = attend(new Nd4jOps(Precision.DOUBLE, 1), range);
    AttentionLimits limits = new AttentionLimits(196, kept);
    Result actual = attend(aten(limits), range);
    assertThat(actual.context()).containsExactly(expected.context(), within(1e-10));
    assertThat(actual.dQkv()).containsExactly(expected.dQkv(), within(1e-9 * range));
  }

  // 32 bits and bf16 come here on other processors, and on GPUs whose fused kernels do not take the
  // heads. bf16 has 8 bits.
  @ParameterizedTest
  @CsvSource({"FP32, 1e-5", "BF16, 4e-2"})
  void otherTypesMatch64Bits(Precision precision, double tolerance) {
    Result expected = attend(aten(AttentionLimits.DEFAULT), 1);
    Result actual = attend(new AtenOps(AtenDevice.cpuApart(), precision, 1), 1);
    assertThat(actual.context()).containsExactly(expected.context(), within(tolerance));
    assertThat(actual.dQkv()).containsExactly(expected.dQkv(), within(tolerance));
  }

  @ParameterizedTest
  @EnumSource
  void resultsStayFiniteWhateverTheScores(Precision precision) {
    for (double range : new double[] {1, 10, 100, 1000}) {
      Result result = attend(new AtenOps(AtenDevice.cpuApart(), precision, 1), range);
      assertThat(Arrays.stream(result.context())).allMatch(Double::isFinite);
      assertThat(Arrays.stream(result.dQkv())).allMatch(Double::isFinite);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aScoreThatIsNoNumberShowsInTheResult(Precision precision) {
    Result result = attend(new AtenOps(AtenDevice.cpuApart(), precision, 1), Double.NaN);
    assertThat(Arrays.stream(result.context())).allMatch(value -> Double.isNaN(value));
  }

  private static Ops aten(AttentionLimits limits) {
    return new AtenOps(Precision.DOUBLE, 1, limits);
  }

  private static Result attend(Ops backend, double range) {
    SplittableRandom random = new SplittableRandom(3);
    try (Ops ops = backend;
        Scope session = ops.session();
        Scope scope = ops.scope()) {
      Tensor qkv_RP = random(ops, random, 3 * WIDTH, range);
      Ops.Attended attended = ops.attention(qkv_RP, IMAGES, HEADS, Ops.Keep.PROBABILITIES);
      double[] context = ops.downloadDoubles(attended.context_RD());
      Tensor dQkv_RP = ops.attentionBackward(random(ops, random, WIDTH, 2), attended);
      return new Result(context, ops.downloadDoubles(dQkv_RP));
    }
  }

  private static Tensor random(Ops ops, SplittableRandom random, int columns, double range) {
    Tensor tensor = ops.computeZeros(IMAGES * TOKENS, columns);
    double[] values = random.doubles(IMAGES * TOKENS * columns, -1, 1).toArray();
    Arrays.setAll(values, i -> range * values[i]);
    ops.set(tensor, values);
    return tensor;
  }
}
