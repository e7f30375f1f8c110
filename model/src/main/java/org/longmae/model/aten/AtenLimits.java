package org.longmae.model.aten;

/** Sizes at which this backend cuts its work, for whoever works out what memory it takes. */
public final class AtenLimits {
  private AtenLimits() {}

  /** Scores that attention computes at a time, at least those of one head. */
  public static long scoresAtATime() {
    return AttentionLimits.DEFAULT.chunk();
  }

  /** Scores of a call up to which attention keeps what backward needs of them. */
  public static long keptScores() {
    return AttentionLimits.DEFAULT.kept();
  }

  /** Elements of the state that the optimiser works on at a time. */
  public static long optimizerSlice() {
    return AtenOps.SLICE;
  }
}
