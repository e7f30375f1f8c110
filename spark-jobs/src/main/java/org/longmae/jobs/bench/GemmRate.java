package org.longmae.jobs.bench;

import org.longmae.conf.ComputeConfig;
import org.longmae.model.MatrixProduct;

/** The rate of one large matrix product: what that of whole training steps is a share of. */
public final class GemmRate {
  private static final int PRODUCTS = 12;

  private GemmRate() {}

  /** In 10⁹ operations a second, best of several. */
  public static double measure(ComputeConfig compute, int threads) {
    try (MatrixProduct product = MatrixProduct.open(compute, threads)) {
      return measure(product);
    }
  }

  /** Of a product whose operands are there. */
  public static double measure(MatrixProduct product) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < PRODUCTS; i++) {
      long start = System.nanoTime();
      product.run();
      best = Math.min(best, (System.nanoTime() - start) * 1e-9);
    }
    return product.flops() / best * 1e-9;
  }
}
