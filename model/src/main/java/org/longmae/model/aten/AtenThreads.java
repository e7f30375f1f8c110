package org.longmae.model.aten;

import java.util.concurrent.CountDownLatch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keeps ATen's idle threads from burning the cores that others need.
 *
 * <p>ATen computes with OpenMP (libgomp), whose threads, when they run out of work, spin for about
 * 3 ms before they sleep. On cores that are shared with decoders, OpenBLAS or other processes every
 * small operation then waits for a thread that waits for the spinning one: a training step of 0.2 s
 * took 3 s. Only the environment ({@code GOMP_SPINCOUNT}, {@code OMP_WAIT_POLICY}) sets this, and
 * it is read when the library loads; a launcher should set {@code GOMP_SPINCOUNT=2000} and {@code
 * OMP_WAIT_POLICY=ACTIVE}.
 *
 * <p>Where it did not, this class makes libgomp spin a thousandth of that: it does so by itself as
 * soon as it manages more threads than there are cores. So one parked thread is made to own a team
 * of that size, which sleeps for good.
 */
final class AtenThreads {
  /** Large enough to be split among many threads. */
  private static final long WORK = 1 << 22;

  private static boolean calm;

  private AtenThreads() {}

  /** Has an effect once in a process. */
  static synchronized void calm() {
    if (calm
        || System.getenv("GOMP_SPINCOUNT") != null
        || System.getenv("OMP_WAIT_POLICY") != null) {
      return;
    }
    calm = true;
    CountDownLatch started = new CountDownLatch(1);
    Thread parked =
        new Thread(
            () -> {
              torch.set_num_threads(Runtime.getRuntime().availableProcessors() + 1);
              try (Tensor work = torch.zeros(WORK)) {
                work.add_(work);
              }
              started.countDown();
              park();
            },
            "longmae-openmp-team");
    parked.setDaemon(true);
    parked.start();
    try {
      started.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void park() {
    while (true) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // Its team must outlive it.
      }
    }
  }
}
