package org.longmae.model;

/**
 * A step met a loss or a gradient that is not finite. The step was not taken: the replica's state
 * is as before the call.
 */
public final class NonFiniteLossException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;

  NonFiniteLossException(String what, double loss, long step) {
    super(String.format("%s is not finite at step %s (loss %s)", what, step, loss));
    this.what = what;
  }

  /** What is not finite, such as {@code the gradient of blocks.0.attn.qkv.weight}. */
  public String what() {
    return what;
  }
}
