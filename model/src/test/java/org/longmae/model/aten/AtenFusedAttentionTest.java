package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class AtenFusedAttentionTest {
  private static final int IMAGES = 3;
  private static final int TOKENS = 37;
  private static final int HEADS = 2;
  private static final int WIDTH = 16;

  private record Result(double[] context, double[] dQkv) {}

  // All sizes differ, so that swapped axes of a view cannot hide. bf16 has 8 bits; the two ways
  // round at different places.
  @ParameterizedTest
  @CsvSource({"DOUBLE, 1e-12", "FP32, 1e-5", "BF16, 4e-2"})
  void fusedAttentionMatchesBatchedProducts(Precision precision, double tolerance) {
    Precision batched = precision == Precision.BF16 ? Precision.BF16 : Precision.DOUBLE;
    Result expected = attend(new AtenOps(batched, 2));
    Result fused = attend(AtenApart.open(precision, 2));
    assertThat(fused.context()).containsExactly(expected.context(), within(tolerance));
    assertThat(fused.dQkv()).containsExactly(expected.dQkv(), within(tolerance));
    assertThat(Arrays.stream(expected.dQkv()).map(Math::abs).max().orElseThrow())
        .isGreaterThan(0.3);
  }

  private static Result attend(Ops backend) {
    SplittableRandom random = new SplittableRandom(3);
    try (Ops ops = backend;
        Scope session = ops.session()) {
      Tensor qkv_RP = random(ops, random, 3 * WIDTH);
      Ops.Attended attended = ops.attention(qkv_RP, IMAGES, HEADS, Ops.Keep.PROBABILITIES);
      double[] context = ops.downloadDoubles(attended.context_RD());
      Tensor dQkv_RP = ops.attentionBackward(random(ops, random, WIDTH), attended);
      return new Result(context, ops.downloadDoubles(dQkv_RP));
    }
  }

  private static Tensor random(Ops ops, SplittableRandom random, int columns) {
    Tensor tensor = ops.computeZeros(IMAGES * TOKENS, columns);
    double[] values = new double[IMAGES * TOKENS * columns];
    for (int i = 0; i < values.length; i++) {
      // Multiples of 1/64, so that every precision sees the same numbers.
      values[i] = Math.rint(random.nextDouble(-2, 2) * 64) / 64;
    }
    ops.set(tensor, values);
    return tensor;
  }

  // The choice among the ways is made where no test of results can see it.
  @ParameterizedTest
  @EnumSource
  void aDeviceThatIsApartFusesAlwaysAndAProcessorCallsOneDnnWhereItServes(Precision precision) {
    boolean served =
        switch (precision) {
          case DOUBLE -> false;
          case FP32 -> Dnnl.serves(ScalarType.Float);
          case BF16 -> Dnnl.serves(ScalarType.BFloat16);
        };
    try (Ops plain = new AtenOps(precision, 1);
        Ops apart = new AtenOps(AtenDevice.cpuApart(), precision, 1)) {
      assertThat(saved(plain) instanceof DnnlAttention.Saved).isEqualTo(served);
      assertThat(saved(apart)).isInstanceOf(AtenFusedAttention.Saved.class);
    }
  }

  private static Ops.Attended saved(Ops ops) {
    try (Scope session = ops.session()) {
      return ops.attention(ops.computeZeros(8, 24), 1, 1, Ops.Keep.NOTHING);
    }
  }

  @Test
  void gpuKernelsRefuseHeadsThatTheyCannotRead() {
    AtenFusedAttention.Kernels gpu = AtenFusedAttention.Kernels.CUDA;
    assertThat(gpu.take(64)).isTrue();
    assertThat(gpu.take(80)).isTrue();
    assertThat(gpu.take(12)).isFalse();
    assertThat(gpu.take(264)).isFalse();
  }

  // Arguments are pushed one by one, and a wrong one shows only on a GPU. A build for CPUs knows
  // the schemas of the GPU's operators too: a new version that changes them fails here.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | (Tensor query, Tensor key, Tensor value, float dropout_p=0., bool is_causal=False, \
          bool return_debug_mask=False, *, float? scale=None) -> (Tensor output, Tensor logsumexp, \
          Tensor cum_seq_q, Tensor cum_seq_k, SymInt max_q, SymInt max_k, Tensor rng_state, \
          Tensor unused, Tensor debug_attn_mask)
          _backward | (Tensor grad_out, Tensor query, Tensor key, Tensor value, Tensor out, \
          Tensor logsumexp, Tensor cum_seq_q, Tensor cum_seq_k, SymInt max_q, SymInt max_k, \
          float dropout_p, bool is_causal, Tensor philox_seed, Tensor philox_offset, *, \
          float? scale=None) -> (Tensor grad_query, Tensor grad_key, Tensor grad_value)
          """)
  void gpuOperatorsTakeTheArgumentsThatAreGiven(String ending, String schema) {
    AtenLibrary.load();
    String name = "aten::_scaled_dot_product_flash_attention" + ending;
    try (OperatorHandle operator = Dispatcher.singleton().findSchemaOrThrow(name, "")) {
      assertThat(torch.toString(operator.schema()).getString()).isEqualTo(name + schema);
    }
  }
}
