package org.longmae.jobs.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The trainer of one device that stays in an executor between tasks, so that weights, buffers and
 * open readers are not made anew each round. One task at a time has it: tasks of other workers wait
 * their turn, so a device never holds two replicas. A trainer of another run, or of another
 * driver's attempt at it, takes its place.
 */
final class Replica {
  private static final Map<Integer, Replica> OF_DEVICES = new ConcurrentHashMap<>();

  /** Makes a trainer. */
  interface Opener {
    LocalTrainer open() throws IOException;
  }

  private final int device;
  private final Semaphore turn = new Semaphore(1, true);
  private String owner = "";
  private LocalTrainer trainer;

  private Replica(int device) {
    this.device = device;
  }

  /** The right to the trainer; closed once, by the task's end at the latest. */
  final class Use implements AutoCloseable {
    private boolean closed;

    LocalTrainer trainer() {
      return trainer;
    }

    int device() {
      return device;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        turn.release();
      }
    }
  }

  /**
   * Waits for a device's trainer and takes it, opened if there is none of this owner.
   *
   * @param owner the run and the driver's attempt at it
   */
  static Use take(int device, String owner, Opener opener) throws IOException {
    return OF_DEVICES.computeIfAbsent(device, Replica::new).take(owner, opener);
  }

  /** The trainer of a device, for whoever has the right to it. */
  static LocalTrainer inUse(int device) {
    return OF_DEVICES.get(device).trainer;
  }

  /** Closes all trainers, once nobody uses them. */
  static void release() {
    for (Replica replica : OF_DEVICES.values()) {
      replica.turn.acquireUninterruptibly();
      replica.close();
      replica.turn.release();
    }
  }

  private Use take(String owner, Opener opener) throws IOException {
    try {
      turn.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the device");
    }
    Use use = new Use();
    try {
      if (!this.owner.equals(owner)) {
        close();
        trainer = opener.open();
        this.owner = owner;
      }
      // A task that is killed or fails gives its turn back as well.
      if (TaskContext.get() != null) {
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> use.close());
      }
      return use;
    } catch (IOException | RuntimeException e) {
      use.close();
      throw e;
    }
  }

  private void close() {
    if (trainer != null) {
      trainer.close();
      trainer = null;
      owner = "";
    }
  }
}
