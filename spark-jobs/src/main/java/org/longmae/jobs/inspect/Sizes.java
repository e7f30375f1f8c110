package org.longmae.jobs.inspect;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long one side of many pictures is. Bins begin at the powers of two and at half-way between
 * them: 1, 2, 3, 4, 6, 8, 12, 16, …
 *
 * @param least shortest, in pixels; 0 of no picture
 * @param most longest
 * @param sum over all pictures
 * @param bins number of pictures by the first length of each bin; empty bins are left out
 */
public record Sizes(int least, int most, long sum, Map<Integer, Long> bins)
    implements Serializable {
  static final Sizes NONE = new Sizes(0, 0, 0, Map.of());

  public Sizes {
    bins = new TreeMap<>(bins);
  }

  /** Of one picture. */
  static Sizes of(int side) {
    return new Sizes(side, side, side, Map.of(bin(side), 1L));
  }

  /** Of both. */
  Sizes plus(Sizes other) {
    if (bins.isEmpty() || other.bins.isEmpty()) {
      return bins.isEmpty() ? other : this;
    }
    return new Sizes(
        Math.min(least, other.least),
        Math.max(most, other.most),
        sum + other.sum,
        Counts.plus(bins, other.bins));
  }

  /** First length of a bin that follows one. */
  public static int next(int bin) {
    return bin == 1 ? 2 : Integer.bitCount(bin) == 1 ? bin / 2 * 3 : bin / 3 * 4;
  }

  private static int bin(int side) {
    int power = Integer.highestOneBit(side);
    return side >= power / 2 * 3 && power > 1 ? power / 2 * 3 : power;
  }
}
