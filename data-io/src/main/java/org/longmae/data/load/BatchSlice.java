package org.longmae.data.load;

import java.io.Serializable;

/**
 * A worker's share of every batch: positions {@code from} to {@code to} of its B. Shares of W
 * workers, one behind the other, are the batch; their sizes differ by at most one.
 *
 * @param from first position
 * @param to one behind the last
 * @param batch B
 */
public record BatchSlice(int from, int to, int batch) implements Serializable {
  public BatchSlice {
    if (from < 0 || to <= from || to > batch) {
      throw new IllegalArgumentException(
          "a slice must lie in [0, %d) and not be empty but was [%d, %d)"
              .formatted(batch, from, to));
    }
  }

  /**
   * The share of a worker.
   *
   * @param worker from 0
   * @param workers W, at most {@code batch}
   */
  public static BatchSlice of(int worker, int workers, int batch) {
    int from = Math.toIntExact((long) batch * worker / workers);
    int to = Math.toIntExact((long) batch * (worker + 1) / workers);
    return new BatchSlice(from, to, batch);
  }

  /** Images of a worker's step. */
  public int size() {
    return to - from;
  }

  /** The part of the batch that it is: what the worker's result counts for in a mean. */
  public double weight() {
    return (double) size() / batch;
  }
}
