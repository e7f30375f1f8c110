package org.longmae.model.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.longmae.model.aten.AtenOps;

@SuppressWarnings("try") // A session acts by closing.
class OpTimesTest {
  private final AtomicLong clock = new AtomicLong();

  /** A clock that is a microsecond further each time it is read: so long does every call take. */
  private final OpTimes times = new OpTimes(() -> clock.addAndGet(1000));

  @Test
  void callsOfOneNameAndShapeAreSummed() {
    try (Ops ops = times.around(new AtenOps(Precision.FP32, 1));
        Scope session = ops.session()) {
      Tensor a = ops.upload(new float[6], 2, 3);
      Tensor b = ops.upload(new float[6], 2, 3);
      Tensor other = ops.upload(new float[4], 2, 2);
      ops.add(a, b);
      ops.add(b, a);
      ops.add(other, other);
    }

    assertThat(row("add", "2x3")).isEqualTo(new OpTimes.Row("add", "2x3", 2, 2e-6, 0));
    assertThat(row("add", "2x2").calls()).isEqualTo(1);
    assertThat(row("upload", "2x3").calls()).isEqualTo(2);
    // Opening and closing are no operations.
    assertThat(times.rows()).hasSize(4);
    assertThat(times.rows().stream().mapToDouble(OpTimes.Row::seconds).sum())
        .isCloseTo(6e-6, within(1e-12));
    times.reset();
    assertThat(times.rows()).isEmpty();
  }

  /** R, I and O all differ: a gradient's arguments have them in other places. */
  @Test
  void theThreeMatrixProductsOfALinearMapAreEquallyLarge() {
    try (Ops ops = times.around(new AtenOps(Precision.FP32, 1));
        Scope session = ops.session()) {
      Tensor x_RI = ops.upload(new float[6 * 4], 6, 4);
      Tensor w_OI = ops.upload(new float[5 * 4], 5, 4);
      Tensor b_O = ops.upload(new float[5], 5);
      Tensor y_RO = ops.linear(x_RI, w_OI, b_O);
      ops.linearInputGradient(y_RO, w_OI);
      ops.linearWeightGradient(y_RO, x_RI, w_OI, b_O);
      ops.linearWeightGradient(y_RO, x_RI, w_OI, b_O);
    }

    String shape = "R=6 I=4 O=5";
    assertThat(row("linear", shape).flops()).isEqualTo(2 * 6 * 4 * 5);
    assertThat(row("linearInputGradient", shape).flops()).isEqualTo(2 * 6 * 4 * 5);
    assertThat(row("linearWeightGradient", shape).flops()).isEqualTo(2 * 2 * 6 * 4 * 5);
  }

  @Test
  void attentionsBackwardIsTwiceItsForward() {
    try (Ops ops = times.around(new AtenOps(Precision.FP32, 1));
        Scope session = ops.session()) {
      Tensor qkv_RP = ops.upload(new float[2 * 3 * 24], 2 * 3, 24);
      Ops.Attended attended = ops.attention(qkv_RP, 2, 4, Ops.Keep.INPUTS);
      ops.attentionBackward(attended.context_RD(), attended);
    }

    String shape = "B=2 T=3 D=8 N=4";
    assertThat(row("attention", shape).flops()).isEqualTo(4 * 2 * 3 * 3 * 8);
    assertThat(row("attentionBackward", shape).flops()).isEqualTo(8 * 2 * 3 * 3 * 8);
  }

  @Test
  void theLongestComesFirst() {
    try (Ops ops = times.around(new AtenOps(Precision.FP32, 1));
        Scope session = ops.session()) {
      Tensor x = ops.upload(new float[4], 2, 2);
      for (int i = 0; i < 5; i++) {
        ops.gelu(x);
      }
      ops.add(x, x);
      ops.add(x, x);
    }

    assertThat(times.rows()).extracting(OpTimes.Row::name).containsExactly("gelu", "add", "upload");
  }

  /** A proxy wraps what is thrown, and would hide the message. */
  @Test
  void failuresComeThroughAsTheyAre() {
    try (Ops ops = times.around(new AtenOps(Precision.FP32, 1))) {
      Tensor x = ops.upload(new float[4], 2, 2);
      assertThatThrownBy(() -> ops.attention(x, 0, 1, Ops.Keep.NOTHING))
          .isNotInstanceOf(java.lang.reflect.UndeclaredThrowableException.class)
          .isNotInstanceOf(java.lang.reflect.InvocationTargetException.class);
    }
  }

  private OpTimes.Row row(String name, String shape) {
    List<OpTimes.Row> found =
        times.rows().stream()
            .filter(row -> row.name().equals(name) && row.shape().equals(shape))
            .toList();
    assertThat(found).as("%s %s in %s", name, shape, times.rows()).hasSize(1);
    return found.get(0);
  }
}
