package org.longmae.jobs.train;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * The trainer that stays in an executor between rounds, so that weights, buffers and open readers
 * are not made anew each round. One at a time: a trainer of another run takes its place.
 */
final class Replica {
  private static String owner = "";
  private static LocalTrainer trainer;

  private Replica() {}

  /**
   * The resident trainer of the run if it stands at {@code step}, else a new one.
   *
   * @param run the run's folder and attempt: a new driver never continues an old one's trainer
   */
  static synchronized LocalTrainer at(String run, long step, Callable<LocalTrainer> opener)
      throws IOException {
    if (trainer != null && owner.equals(run) && trainer.step() == step) {
      return trainer;
    }
    release();
    trainer = open(opener);
    owner = run;
    return trainer;
  }

  /** Closes the resident trainer, if any. */
  static synchronized void release() {
    if (trainer != null) {
      trainer.close();
      trainer = null;
      owner = "";
    }
  }

  private static LocalTrainer open(Callable<LocalTrainer> opener) throws IOException {
    try {
      return opener.call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
