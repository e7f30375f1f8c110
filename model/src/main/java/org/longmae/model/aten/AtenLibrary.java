package org.longmae.model.aten;

import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What the ATen library can do on this machine. */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class AtenLibrary {
  /** Large enough to be given to oneDNN. */
  private static final long SIDE = 64;

  private AtenLibrary() {}

  /** Whether the native library is there and loads. */
  public static boolean loads() {
    try {
      torch.hasMKLDNN();
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }

  /**
   * Whether the processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX).
   *
   * <p>ATen does not tell, so it is asked for a product whose result gives it away: these
   * instructions are defined to treat numbers below the smallest normal one as zero, which an
   * emulation by 32-bit arithmetic does not.
   */
  public static boolean multipliesBf16() {
    try (InferenceMode mode = new InferenceMode();
        TensorOptions type = new TensorOptions(ScalarType.BFloat16);
        Tensor a = torch.empty(new long[] {SIDE, SIDE}, type, null);
        Tensor b = torch.empty(new long[] {SIDE, SIDE}, type, null);
        Tensor c = torch.empty(new long[] {SIDE, SIDE}, type, null);
        Scalar small = new Scalar(0x1p-70);
        Scalar smaller = new Scalar(0x1p-63)) {
      a.fill_(small);
      b.fill_(smaller);
      torch.mm_out(c, a, b);
      return new ShortPointer(c.data_ptr()).get() == 0;
    }
  }
}
