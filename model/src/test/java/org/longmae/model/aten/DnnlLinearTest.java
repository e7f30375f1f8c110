package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class DnnlLinearTest {
  private record Result(double[] y, double[] dX, double[] dW, double[] dB) {}

  @BeforeEach
  void onlyWhereItServes() {
    assumeTrue(Dnnl.serves(ScalarType.Float));
  }

  // Few rows and many, of which a weight is packed for forward too; widths that are multiples of
  // its blocks and others. Sums of up to 2,049 products of multiples of 1/64 up to 1 are exact in
  // 32 bits, and are rounded once in bf16, to eight bits.
  @ParameterizedTest
  @CsvSource({
    "FP32, 5, 64, 128, 0",
    "FP32, 5, 30, 21, 0",
    "FP32, 2048, 64, 128, 0",
    "FP32, 2049, 30, 21, 0",
    "BF16, 5, 64, 128, 0.05",
    "BF16, 5, 30, 21, 0.05",
    "BF16, 2048, 64, 128, 0.3",
    "BF16, 2049, 30, 21, 0.3",
  })
  void itMatchesProductsOf64Bits(Precision precision, int rows, int in, int out, double error) {
    Result expected = compute(Precision.DOUBLE, rows, in, out);
    Result actual = compute(precision, rows, in, out);
    assertThat(actual.y()).containsExactly(expected.y(), within(error));
    assertThat(actual.dX()).containsExactly(expected.dX(), within(error));
    assertThat(actual.dW()).containsExactly(expected.dW(), within(error));
    assertThat(actual.dB()).containsExactly(expected.dB(), within(error));
  }

  private static Result compute(Precision precision, int rows, int in, int out) {
    SplittableRandom random = new SplittableRandom(5);
    try (Ops ops = new AtenOps(precision, 2);
        Scope session = ops.session();
        Scope scope = ops.scope()) {
      Tensor x_RI = tensor(ops, random, rows, in);
      Tensor w_OI = tensor(ops, random, out, in);
      Tensor b_O = tensor(ops, random, out);
      Tensor dY_RO = tensor(ops, random, rows, out);
      Tensor dW_OI = ops.computeZeros(out, in);
      Tensor dB_O = ops.computeZeros(out);
      double[] y = ops.downloadDoubles(ops.linear(x_RI, w_OI, b_O));
      double[] dX = ops.downloadDoubles(ops.linearInputGradient(dY_RO, w_OI));
      ops.linearWeightGradient(dY_RO, x_RI, dW_OI, dB_O);
      return new Result(y, dX, ops.downloadDoubles(dW_OI), ops.downloadDoubles(dB_O));
    }
  }

  /** Multiples of 1/64 between -1 and 1, which every type has exactly. */
  private static Tensor tensor(Ops ops, SplittableRandom random, long... shape) {
    Tensor tensor = ops.computeZeros(shape);
    int length = Math.toIntExact(tensor.length());
    ops.set(tensor, random.ints(length, -64, 65).mapToDouble(i -> i / 64.0).toArray());
    return tensor;
  }
}
