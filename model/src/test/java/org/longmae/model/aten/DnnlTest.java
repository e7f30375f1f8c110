package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class DnnlTest {
  // What oneDNN has on older processors than the one that tests; it refuses bf16 on two of them.
  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2", "AVX512_CORE"})
  void everyTypeIsComputedWhateverTheProcessor(String instructions) throws Exception {
    ProcessBuilder child =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    child.environment().put("ONEDNN_MAX_CPU_ISA", instructions);
    Process process = child.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("FP32 1.0000", "BF16 1.0");
  }

  /** Takes each operation once and prints a sum known beforehand, in a process of its own. */
  static final class Main {
    private static final int ROWS = 6;
    private static final int WIDTH = 8;

    private Main() {}

    public static void main(String[] args) {
      for (Precision precision : new Precision[] {Precision.FP32, Precision.BF16}) {
        try (Ops ops = new AtenOps(precision, 1);
            Scope session = ops.session();
            Scope scope = ops.scope()) {
          System.out.printf("%s %.4f%n", precision, meanContext(ops));
        }
      }
    }

    /** Of queries, keys and values that are all 1; then backward, of which no number is NaN. */
    private static double meanContext(Ops ops) {
      float[] ones = new float[ROWS * WIDTH];
      Arrays.fill(ones, 1);
      Tensor x_RD = ops.upload(ones, ROWS, WIDTH);
      float[] weight = new float[3 * WIDTH * WIDTH];
      Arrays.fill(weight, 1f / WIDTH);
      Tensor w_OI = ops.upload(weight, 3 * WIDTH, WIDTH);
      Tensor qkv_RP = ops.linear(x_RD, w_OI, ops.computeZeros(3 * WIDTH));
      Ops.Attended attended = ops.attention(qkv_RP, 2, 2, Ops.Keep.PROBABILITIES);
      Tensor scale_D = ops.stateZeros(WIDTH);
      Tensor shift_D = ops.stateZeros(WIDTH);
      Ops.Normalized norm = ops.layerNorm(attended.context_RD(), scale_D, shift_D, 1e-6);
      Tensor dContext_RD =
          ops.layerNormBackward(
              x_RD,
              attended.context_RD(),
              norm,
              scale_D,
              shift_D,
              ops.stateZeros(WIDTH),
              ops.stateZeros(WIDTH));
      Tensor dQkv_RP = ops.attentionBackward(dContext_RD, attended);
      ops.linearWeightGradient(
          dQkv_RP, x_RD, ops.computeZeros(3 * WIDTH, WIDTH), ops.computeZeros(3 * WIDTH));
      double[] dX = ops.downloadDoubles(ops.linearInputGradient(dQkv_RP, w_OI));
      if (!Arrays.stream(dX).allMatch(Double::isFinite)) {
        throw new IllegalStateException("a gradient is not finite");
      }
      return Arrays.stream(ops.downloadDoubles(attended.context_RD())).average().orElseThrow();
    }
  }
}
