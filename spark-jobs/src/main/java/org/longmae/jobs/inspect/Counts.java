package org.longmae.jobs.inspect;

import java.util.Map;
import java.util.TreeMap;

/** Numbers by key that are added up. */
final class Counts {
  private Counts() {}

  /** The sums of two, in a new map. */
  static <K extends Comparable<K>> Map<K, Long> plus(Map<K, Long> a, Map<K, Long> b) {
    Map<K, Long> sum = new TreeMap<>(a);
    b.forEach((key, count) -> sum.merge(key, count, Long::sum));
    return sum;
  }
}
