package org.longmae.model;

import org.longmae.conf.ComputeConfig;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * One matrix product as the model's largest ones are, to be timed by whoever has a clock: the rate
 * that a training step is compared with. Shape: the first map of ViT-B's MLP on 8 images of 196
 * patches, [1568, 768] · [768, 3072].
 */
public final class MatrixProduct implements AutoCloseable {
  private static final int ROWS = 1568;
  private static final int IN = 768;
  private static final int OUT = 3072;

  private final Ops ops;
  private final Tensor x_RI;
  private final Tensor w_OI;
  private final Tensor b_O;

  private MatrixProduct(Ops ops) {
    this.ops = ops;
    this.x_RI = ops.upload(new float[ROWS * IN], ROWS, IN);
    this.w_OI = ops.upload(new float[OUT * IN], OUT, IN);
    this.b_O = ops.upload(new float[OUT], OUT);
  }

  /** Opens the operands on the backend that a training step would use, on the first GPU if any. */
  public static MatrixProduct open(ComputeConfig compute, int threads) {
    return open(compute, threads, 0);
  }

  /**
   * The same on one of several GPUs.
   *
   * @param deviceIndex among those that this process sees
   */
  public static MatrixProduct open(ComputeConfig compute, int threads, int deviceIndex) {
    return new MatrixProduct(Backends.open(compute, threads, deviceIndex));
  }

  /** What multiplies, such as {@code aten/cpu/bf16, 2 threads}. */
  public String description() {
    return ops.description();
  }

  /** Multiplies once, and waits for the result. */
  @SuppressWarnings("try") // the scopes are closed, not used
  public void run() {
    try (Scope session = ops.session();
        Scope scope = ops.scope()) {
      ops.linear(x_RI, w_OI, b_O);
      ops.synchronize();
    }
  }

  /** Floating-point operations of one product: two a multiply-add. */
  public double flops() {
    return 2.0 * ROWS * IN * OUT;
  }

  @Override
  public void close() {
    ops.close();
  }
}
