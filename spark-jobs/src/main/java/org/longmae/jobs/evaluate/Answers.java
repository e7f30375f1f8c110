package org.longmae.jobs.evaluate;

import java.util.Arrays;

/**
 * What a classifier answered to pictures whose class is known.
 *
 * @param confusion pictures of class [row] that were taken for class [column]
 * @param inTopFive pictures whose class was among the first five answers
 * @param chance share of the pictures in the class that is largest in training: the accuracy of
 *     always giving the same answer
 */
public record Answers(long[][] confusion, long inTopFive, double chance) {
  /** Normal quantile of a two-sided interval of 95 %. */
  private static final double Z = 1.959964;

  /**
   * One class of the report.
   *
   * @param pictures of the class
   * @param recall share of them that were recognised; 0 if there are none
   * @param precision share of right answers among those of this class; 0 if it never was answered
   */
  public record ClassReport(String name, long pictures, double recall, double precision) {}

  /** Pictures in all. */
  public long pictures() {
    return Arrays.stream(confusion).flatMapToLong(Arrays::stream).sum();
  }

  /** Share of pictures answered rightly, in [0, 1]. */
  public double accuracy() {
    long right = 0;
    for (int label = 0; label < confusion.length; label++) {
      right += confusion[label][label];
    }
    return (double) right / pictures();
  }

  /** Share of pictures whose class was among the first five answers, in [0, 1]. */
  public double topFive() {
    return (double) inTopFive / pictures();
  }

  /** Lower end of Wilson's 95 % interval of the accuracy. */
  public double low() {
    return centre() - halfWidth();
  }

  /** Upper end of Wilson's 95 % interval of the accuracy. */
  public double high() {
    return centre() + halfWidth();
  }

  private double centre() {
    double n = pictures();
    return (accuracy() + Z * Z / (2 * n)) / (1 + Z * Z / n);
  }

  private double halfWidth() {
    double n = pictures();
    double share = accuracy();
    return Z / (1 + Z * Z / n) * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
  }

  /** What became of the pictures of one class, and of the answers that named it. */
  public ClassReport of(int label, String name) {
    long pictures = Arrays.stream(confusion[label]).sum();
    long answers = Arrays.stream(confusion).mapToLong(row -> row[label]).sum();
    return new ClassReport(
        name,
        pictures,
        share(confusion[label][label], pictures),
        share(confusion[label][label], answers));
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }
}
