package org.longmae.jobs.report;

/**
 * How well the frozen or fine-tuned encoder solves a labelled task.
 *
 * @param name what was done, as the page names it: "linear probe", "kNN"
 * @param accuracy share of pictures classified correctly, in [0, 1]
 * @param chance share of the largest class among the same pictures, in [0, 1]: the accuracy of
 *     always giving the same answer
 * @param untrained the same without pre-training, in [0, 1]: on the encoder before it, what its
 *     shape and random weights give without having learnt anything; or after training from scratch
 * @param pixels the same measured on raw pixels, in [0, 1]: what needs no model; null where there
 *     is none
 * @param topFive share of pictures whose class was among the first five answers, in [0, 1]
 * @param pictures how many pictures the accuracy was measured on
 * @param compared what {@code untrained} is, in words
 */
public record Score(
    String name,
    double accuracy,
    double chance,
    double untrained,
    Double pixels,
    double topFive,
    int pictures,
    String compared) {
  /** The encoder with random weights. */
  public static final String UNTRAINED = "untrained";

  /** All of it trained on the labels, from random weights. */
  public static final String FROM_SCRATCH = "from scratch";

  /** A score beside the same of the encoder before training. */
  public Score(
      String name,
      double accuracy,
      double chance,
      double untrained,
      double pixels,
      double topFive,
      int pictures) {
    this(name, accuracy, chance, untrained, pixels, topFive, pictures, UNTRAINED);
  }

  public Score {
    // Reports of before fine-tuning do not say.
    compared = compared == null ? UNTRAINED : compared;
    requireShare("accuracy", accuracy);
    requireShare("chance", chance);
    requireShare("untrained", untrained);
    if (pixels != null) {
      requireShare("pixels", pixels);
    }
    requireShare("topFive", topFive);
    if (pictures < 1) {
      throw new IllegalArgumentException("pictures must be at least 1 but was " + pictures);
    }
  }

  /**
   * One binomial standard error of the accuracy.
   *
   * <p>At 0 and 1 the usual √(a(1 − a)/n) is 0 and would claim certainty; so half a picture is
   * added to the hits and to the misses.
   */
  public double standardError() {
    double share = (accuracy * pictures + 0.5) / (pictures + 1.0);
    return Math.sqrt(share * (1 - share) / pictures);
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }
}
