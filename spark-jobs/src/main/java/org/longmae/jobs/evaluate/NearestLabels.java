package org.longmae.jobs.evaluate;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Labels of the nearest rows found so far, for each row of a block of queries.
 *
 * @param queries labels of the queries themselves
 * @param labels [Q, k], nearest first; −1 where fewer were found
 * @param cosines [Q, k], falling
 */
record NearestLabels(int[] queries, int[] labels, float[] cosines) implements Serializable {
  int k() {
    return labels.length / queries.length;
  }

  /** The nearest of both; of equal ones, those of {@code this} first. */
  NearestLabels merge(NearestLabels other) {
    int k = k();
    int[] mergedLabels = new int[labels.length];
    float[] mergedCosines = new float[labels.length];
    for (int start = 0; start < labels.length; start += k) {
      int mine = start;
      int theirs = start;
      for (int place = start; place < start + k; place++) {
        boolean takeMine = cosines[mine] >= other.cosines[theirs];
        mergedLabels[place] = takeMine ? labels[mine] : other.labels[theirs];
        mergedCosines[place] = takeMine ? cosines[mine++] : other.cosines[theirs++];
      }
    }
    return new NearestLabels(queries, mergedLabels, mergedCosines);
  }

  /**
   * Lets the neighbours of a query vote, each with weight exp(cosine / temperature).
   *
   * @return a score a class
   */
  double[] votes(int query, int classes, double temperature) {
    int k = k();
    double[] votes = new double[classes];
    for (int place = query * k; place < (query + 1) * k; place++) {
      if (labels[place] >= 0) {
        votes[labels[place]] += Math.exp(cosines[place] / temperature);
      }
    }
    return votes;
  }

  /** Room for k neighbours of each query, none found. */
  static NearestLabels none(int[] queries, int k) {
    int[] labels = new int[queries.length * k];
    float[] cosines = new float[labels.length];
    Arrays.fill(labels, -1);
    Arrays.fill(cosines, Float.NEGATIVE_INFINITY);
    return new NearestLabels(queries, labels, cosines);
  }
}
