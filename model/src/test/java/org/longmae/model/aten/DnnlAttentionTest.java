package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class DnnlAttentionTest {
  private static final int IMAGES = 5;
  private static final int TOKENS = 7;
  private static final int HEADS = 3;
  private static final int SIZE = 4;
  private static final int WIDTH = HEADS * SIZE;

  private record Result(double[] context, double[] dQkv) {}

  @BeforeEach
  void onlyWhereItServes() {
    assumeTrue(Dnnl.serves(ScalarType.Float));
  }

  // One head has 7 * 7 = 49 scores, an image 147: one head at a time, two and one, one image, two
  // and two and one, all; kept or computed once more.
  @ParameterizedTest
  @CsvSource({
    "1, 1000000", "98, 1000000", "147, 1000000", "300, 1000000", "1000000, 1000000",
    "1, 0", "98, 0", "147, 0", "300, 0", "1000000, 0",
  })
  void itMatchesProductsOf64BitsWhateverIsComputedAtATime(long chunk, long kept) {
    Result expected = attend(new AtenOps(Precision.DOUBLE, 1), values(2));
    Result actual = attend(dnnl(Precision.FP32, new AttentionLimits(chunk, kept)), values(2));
    assertThat(actual.context()).containsExactly(expected.context(), within(1e-6));
    assertThat(actual.dQkv()).containsExactly(expected.dQkv(), within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void computingOnceMoreGivesTheSameBits(Precision precision) {
    Result kept = attend(dnnl(precision, new AttentionLimits(98, 1000000)), values(2));
    Result again = attend(dnnl(precision, new AttentionLimits(98, 0)), values(2));
    assertThat(again.context()).containsExactly(kept.context());
    assertThat(again.dQkv()).containsExactly(kept.dQkv());
  }

  // Exponentials overflow, or all of a row vanish: the largest score is about 4 * range²/√4.
  @ParameterizedTest
  @ValueSource(doubles = {5, 10, 100})
  void scoresBeyondTheRangeOfExpAreAttendedToAsSmallOnes(double range) {
    Result expected = attend(new AtenOps(Precision.DOUBLE, 1), values(range));
    Result actual = attend(dnnl(Precision.FP32, AttentionLimits.DEFAULT), values(range));
    assertThat(actual.context()).containsExactly(expected.context(), within(1e-5 * range * range));
    assertThat(Arrays.stream(actual.dQkv())).allMatch(Double::isFinite);
  }

  // exp makes a finite number of NaN: whatever it is, the step must not go on with it.
  @ParameterizedTest
  @CsvSource({"FP32, 0", "FP32, 12", "FP32, 24", "BF16, 0", "BF16, 12", "BF16, 24"})
  void oneNumberThatIsNoneShowsInTheResult(Precision precision, int column) {
    double[] values = values(2);
    values[3 * 3 * WIDTH + column] = Double.NaN;
    Result result = attend(dnnl(precision, AttentionLimits.DEFAULT), values);
    assertThat(Arrays.stream(result.context())).anyMatch(value -> Double.isNaN(value));
    // Image 1 and those behind it have nothing to do with it.
    assertThat(Arrays.stream(result.context()).skip(TOKENS * WIDTH))
        .noneMatch(value -> Double.isNaN(value));
  }

  private static Ops dnnl(Precision precision, AttentionLimits limits) {
    return new AtenOps(precision, 2, limits);
  }

  private static double[] values(double range) {
    SplittableRandom random = new SplittableRandom(3);
    return random.doubles(IMAGES * TOKENS * 3 * WIDTH, -range, range).map(v -> (float) v).toArray();
  }

  private static Result attend(Ops backend, double[] values) {
    try (Ops ops = backend;
        Scope session = ops.session();
        Scope scope = ops.scope()) {
      Tensor qkv_RP = tensor(ops, values, 3 * WIDTH);
      Ops.Attended attended = ops.attention(qkv_RP, IMAGES, HEADS, Ops.Keep.PROBABILITIES);
      double[] context = ops.downloadDoubles(attended.context_RD());
      double[] slope = Arrays.copyOfRange(values(2), 0, IMAGES * TOKENS * WIDTH);
      Tensor dQkv_RP = ops.attentionBackward(tensor(ops, slope, WIDTH), attended);
      return new Result(context, ops.downloadDoubles(dQkv_RP));
    }
  }

  private static Tensor tensor(Ops ops, double[] values, int columns) {
    Tensor tensor = ops.computeZeros(IMAGES * TOKENS, columns);
    ops.set(tensor, values);
    return tensor;
  }
}
