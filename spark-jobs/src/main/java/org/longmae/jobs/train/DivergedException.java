package org.longmae.jobs.train;

/** A loss or a gradient is not finite; the replica's state is that before the step. */
final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient FailedStep step;
  private final transient float[] images_BCHW;

  DivergedException(FailedStep step, float[] images_BCHW) {
    super(step.message());
    this.step = step;
    this.images_BCHW = images_BCHW;
  }

  FailedStep step() {
    return step;
  }

  float[] images_BCHW() {
    return images_BCHW;
  }
}
