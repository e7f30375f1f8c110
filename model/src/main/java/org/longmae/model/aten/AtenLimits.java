package org.longmae.model.aten;

/** Sizes at which this backend cuts its work, for whoever works out what memory it takes. */
public final class AtenLimits {
  private AtenLimits() {}

  /** Scores that attention computes at a time, at least those of one image. */
  public static long scoresAtATime() {
    return AtenAttention.Limits.DEFAULT.chunk();
  }

  /** Scores of a call up to which attention keeps what backward needs of them. */
  public static long keptScores() {
    return AtenAttention.Limits.DEFAULT.kept();
  }

  /** Whether attention of 32 bits, of heads of this size, is done by a fused kernel. */
  public static boolean fusesFloats(long headSize) {
    return AtenFusedAttention.Kernels.CPU.take(headSize);
  }

  /** Elements of the state that the optimiser works on at a time. */
  public static long optimizerSlice() {
    return AtenOps.SLICE;
  }
}
