package org.longmae.model.ops;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.openblas.presets.openblas_nolapack.SetNumThreads;

/** The number of OpenBLAS's own threads, one number for the whole process. */
public final class BlasThreads {
  private static final Setter SETTER = new Setter();
  private static int threads;

  private BlasThreads() {}

  /** OpenBLAS's own function, looked up once: to look it up takes a millisecond. */
  private static final class Setter extends SetNumThreads {
    Setter() {
      Loader.load(openblas_nolapack.class);
      put(Loader.addressof("openblas_set_num_threads"));
    }
  }

  /** Sets the number. */
  public static synchronized void set(int wanted) {
    if (wanted != threads) {
      SETTER.call(wanted);
      threads = wanted;
    }
  }
}
