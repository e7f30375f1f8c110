package org.longmae.jobs.evaluate;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** What numbers of pictures by class say about a classification task. */
final class ClassCounts {
  private ClassCounts() {}

  /** Why classes cannot be learnt; empty if they can. */
  static String obstacle(Map<Integer, Long> train, Map<Integer, Long> heldOut) {
    if (train.isEmpty() || heldOut.isEmpty()) {
      return "the pictures have no labels";
    }
    if (train.size() < 2) {
      return "all labelled pictures are of one class";
    }
    long seldom = train.values().stream().filter(count -> count < 2).count();
    if (seldom * 2 > train.size()) {
      return String.format(
          "%d of %d classes have fewer than two training pictures", seldom, train.size());
    }
    return "";
  }

  /** The class of most pictures; of equal ones, the first. */
  static int commonest(Map<Integer, Long> train) {
    return train.entrySet().stream()
        .max(
            Map.Entry.<Integer, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }

  /** Classes there are, with names or without. */
  static int classes(Map<Integer, Long> train, Map<Integer, Long> heldOut, int named) {
    int last =
        Stream.concat(train.keySet().stream(), heldOut.keySet().stream())
            .max(Comparator.naturalOrder())
            .orElse(-1);
    return Math.max(named, last + 1);
  }
}
