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
 *
 * <p>A batch that waits holds bytes; floats, four times as large, are made of them when it is
 * wanted.
 */
final class BatchMaker implements AutoCloseable {
  private final LoaderThreads threads = new LoaderThreads("decode");
  private final ExecutorService pool;
  private final Rendering rendering;

  /** Makes one picture of a batch. */
  interface Renderer {
    Rendering.Rendered render(ShardRow row) throws UnreadablePictureException;
  }

  /** A batch that is being filled. */
  final class Pending {
    private final long[] ids;
    private final int[] labels;
    private final List<Future<Rendering.Rendered>> pictures = new ArrayList<>();

    private Pending(List<ShardRow> rows, Renderer renderer) {
      ids = rows.stream().mapToLong(ShardRow::id).toArray();
      labels = rows.stream().mapToInt(ShardRow::label).toArray();
      for (ShardRow row : rows) {
        pictures.add(pool.submit(() -> render(row, renderer)));
      }
    }

    /**
     * Waits for its pictures and normalises them, on the caller's thread. To be called once.
     *
     * @throws ShardException if a picture could not be rendered
     */
    Batch await() throws InterruptedException {
      int length = rendering.imageLength();
      float[] images_BCHW = new float[ids.length * length];
      try {
        for (int i = 0; i < ids.length; i++) {
          rendering.normalize(pictures.get(i).get(), images_BCHW, i * length);
        }
        return new Batch(ids, labels, images_BCHW);
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

  BatchMaker(int size, Rendering rendering) {
    pool = Executors.newFixedThreadPool(size, threads);
    this.rendering = rendering;
  }

  /** Starts filling a batch. */
  Pending start(List<ShardRow> rows, Renderer renderer) {
    return new Pending(rows, renderer);
  }

  private static Rendering.Rendered render(ShardRow row, Renderer renderer) {
    try {
      return renderer.render(row);
    } catch (UnreadablePictureException | RuntimeException e) {
      throw new ShardException(
          "Cannot decode sample %d (%s): %s".formatted(row.id(), row.path(), e.getMessage()), e);
    }
  }

  /** Stops and joins the threads; batches that are not full will not be. */
  @Override
  public void close() {
    LoaderThreads.stop(pool);
    threads.join();
  }
}
