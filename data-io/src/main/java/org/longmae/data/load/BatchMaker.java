package org.longmae.data.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardRow;

/**
 * Threads that fill batches, a task a picture. Each picture has its own place in the batch, so the
 * result does not depend on which thread is when ready.
 */
final class BatchMaker implements AutoCloseable {
  private final LoaderThreads threads = new LoaderThreads("decode");
  private final ExecutorService pool;
  private final int imageLength;

  /** Writes one picture of a batch. */
  interface Renderer {
    void render(ShardRow row, float[] out, int at) throws UnreadablePictureException;
  }

  /** A batch that is being filled. */
  record Pending(Batch batch, List<Future<?>> pictures) {
    /**
     * Waits until it is full.
     *
     * @throws ShardException if a picture could not be rendered
     */
    Batch await() throws InterruptedException {
      try {
        for (Future<?> picture : pictures) {
          picture.get();
        }
        return batch;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new ShardException("Cannot fill a batch: " + e.getCause(), e.getCause());
      } catch (CancellationException e) {
        throw new IllegalStateException("the loader is closed", e);
      }
    }
  }

  BatchMaker(int size, int imageLength) {
    pool = Executors.newFixedThreadPool(size, threads);
    this.imageLength = imageLength;
  }

  /** Starts filling a batch. */
  Pending start(List<ShardRow> rows, Renderer renderer) {
    int n = rows.size();
    Batch batch = new Batch(new long[n], new int[n], new float[n * imageLength]);
    List<Future<?>> pictures = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      ShardRow row = rows.get(i);
      int at = i * imageLength;
      batch.ids()[i] = row.id();
      batch.labels()[i] = row.label();
      pictures.add(pool.submit(() -> render(row, renderer, batch.images_BCHW(), at)));
    }
    return new Pending(batch, pictures);
  }

  private static void render(ShardRow row, Renderer renderer, float[] out, int at) {
    try {
      renderer.render(row, out, at);
    } catch (UnreadablePictureException | RuntimeException e) {
      throw new ShardException(
          "Cannot decode sample %d (%s): %s".formatted(row.id(), row.path(), e.getMessage()), e);
    }
  }

  /** Stops and joins the threads; batches that are not full will not be. */
  @Override
  public void close() {
    for (Runnable waiting : pool.shutdownNow()) {
      ((Future<?>) waiting).cancel(false);
    }
    threads.join();
  }
}
