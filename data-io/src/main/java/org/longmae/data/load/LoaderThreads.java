package org.longmae.data.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** Makes threads named after what they do, and waits for their end. */
final class LoaderThreads implements ThreadFactory {
  private final String work;
  private final List<Thread> made = new ArrayList<>();

  LoaderThreads(String work) {
    this.work = work;
  }

  /** A daemon, so that a forgotten loader does not keep a JVM alive. */
  @Override
  public synchronized Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "longmae-" + work + "-" + made.size());
    thread.setDaemon(true);
    made.add(thread);
    return thread;
  }

  /** Tells a pool to stop; who waits for a task that has not begun is told that it is cancelled. */
  static void stop(ExecutorService pool) {
    for (Runnable waiting : pool.shutdownNow()) {
      ((Future<?>) waiting).cancel(false);
    }
  }

  /** Waits for threads that were told to stop, even if this thread is interrupted meanwhile. */
  synchronized void join() {
    boolean interrupted = false;
    for (Thread thread : made) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
