package org.longmae.model.ops;

import org.bytedeco.openblas.global.openblas_nolapack;

/** The number of OpenBLAS's own threads, one number for the whole process. */
public final class BlasThreads {
  private static int threads;

  private BlasThreads() {}

  /** Sets the number; each real change costs a millisecond and a native object, so only then. */
  public static synchronized void set(int wanted) {
    if (wanted != threads) {
      openblas_nolapack.blas_set_num_threads(wanted);
      threads = wanted;
    }
  }
}
