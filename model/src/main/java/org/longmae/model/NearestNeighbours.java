package org.longmae.model;

import java.util.Arrays;
import org.longmae.conf.ComputeConfig;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * The rows of one matrix that are nearest to each row of another: the largest inner products, which
 * for rows of length 1 are cosines. One product of two blocks, then the best few of each row.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class NearestNeighbours implements AutoCloseable {
  private final Ops ops;

  private NearestNeighbours(Ops ops) {
    this.ops = ops;
  }

  /** Opens the arithmetic in 32 bits on the processor. */
  public static NearestNeighbours open(ComputeConfig compute, int threads) {
    ComputeConfig exact =
        new ComputeConfig(
            compute.backend(),
            ComputeConfig.Device.CPU,
            ComputeConfig.Precision.FP32,
            compute.threads());
    return new NearestNeighbours(Backends.open(exact, threads));
  }

  /**
   * The nearest of each query, best first; equal ones in the order of their rows.
   *
   * @param row of the reference, [Q, k]
   * @param product [Q, k]
   */
  public record Found(int[] row, float[] product) {}

  /**
   * Searches.
   *
   * @param queries_QD rows of width D
   * @param references_RD rows of width D
   * @param k at most R
   */
  public Found of(float[] queries_QD, float[] references_RD, int width, int k) {
    int queries = queries_QD.length / width;
    int references = references_RD.length / width;
    Found found = new Found(new int[queries * k], new float[queries * k]);
    float[] products = products(queries_QD, references_RD, width);
    for (int query = 0; query < queries; query++) {
      best(products, query * references, references, found, query * k, k);
    }
    return found;
  }

  private float[] products(float[] queries_QD, float[] references_RD, int width) {
    try (Scope session = ops.session();
        Scope scope = ops.scope()) {
      Tensor x_QD = ops.upload(queries_QD, queries_QD.length / width, width);
      Tensor w_RD = ops.upload(references_RD, references_RD.length / width, width);
      Tensor zeros_R = ops.upload(new float[references_RD.length / width], w_RD.size(0));
      return ops.download(ops.linear(x_QD, w_RD, zeros_R));
    }
  }

  /** Insertion into a short sorted list; nearly all rows fail its last place's test. */
  private static void best(float[] products, int from, int count, Found found, int at, int k) {
    float[] product = found.product();
    Arrays.fill(product, at, at + k, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < count; row++) {
      float candidate = products[from + row];
      if (candidate > product[at + k - 1]) {
        int place = at + k - 1;
        while (place > at && candidate > product[place - 1]) {
          product[place] = product[place - 1];
          found.row()[place] = found.row()[place - 1];
          place--;
        }
        product[place] = candidate;
        found.row()[place] = row;
      }
    }
  }

  @Override
  public void close() {
    ops.close();
  }
}
