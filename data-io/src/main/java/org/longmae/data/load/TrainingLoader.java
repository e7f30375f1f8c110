package org.longmae.data.load;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;

/**
 * A worker's training batches from a global step on, in exact order, decoded ahead.
 *
 * <p>Steps count from 0; step = epoch · steps an epoch + i, and an epoch's incomplete last batch is
 * left out. Batch s is a function of (shard set, configuration, s), and the workers' slices of it,
 * one behind the other, are it: a loader opened at s gives what one opened at 0 gives after s
 * batches, whatever the number of threads and workers.
 *
 * <pre>
 *   reader thread          row groups in sight     shard files → rows
 *   feeder thread          a batch at a time       rows → tasks, blocks when prefetch is full
 *   data.decode-threads    a picture a task        decode, crop, resize: bytes
 *   finisher thread        a batch ahead           mirror, normalise: floats
 *   next()                 the consumer's thread   waits for the oldest batch
 * </pre>
 *
 * <p>Memory: stored pictures of one row group a stream ({@link SampleStream}); {@code
 * data.prefetch} batches as bytes beside the one being started; and two as floats, the one handed
 * out and the next. An error in any thread comes out of {@link #next()}, after the batches before
 * it, and again at each further call. {@code next()} is for one thread.
 */
public final class TrainingLoader implements AutoCloseable {
  /** What the feeder hands over: a batch to wait for, or an error. */
  private interface Item {
    Batch await() throws InterruptedException;
  }

  private final Randomness randomness;
  private final Rendering rendering;
  private final SampleStream samples;
  private final BatchMaker maker;
  private final BlockingQueue<Item> items;
  private final LoaderThreads feederThreads = new LoaderThreads("feed");
  private final ExecutorService feeder = Executors.newSingleThreadExecutor(feederThreads);
  private final LoaderThreads finisherThreads = new LoaderThreads("finish");
  private final ExecutorService finisher = Executors.newSingleThreadExecutor(finisherThreads);
  private Future<Batch> ahead;
  private RuntimeException failure;
  private long waitedNanos;
  private long step;
  private volatile boolean closed;

  private TrainingLoader(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      RunConfig config,
      long step,
      BatchSlice slice) {
    this.step = step;
    randomness = config.randomness();
    rendering = new Rendering(config.image());
    samples =
        new SampleStream(
            group -> group.read(fs, shards),
            EpochOrder.rowGroups(manifest, ShardPlan.TRAIN),
            config.data().streams(),
            randomness,
            slice,
            step);
    maker = new BatchMaker(config.data().decodeThreads(), rendering);
    items = new ArrayBlockingQueue<>(config.data().prefetch());
    feeder.submit(this::feed);
    ahead = finisher.submit(() -> items.take().await());
  }

  /** Starts loading whole batches, for one worker. */
  public static TrainingLoader open(
      FileSystem fs, Path shards, ShardManifest manifest, RunConfig config, long step) {
    BatchSlice whole = BatchSlice.of(0, 1, config.train().batch());
    return open(fs, shards, manifest, config, step, whole);
  }

  /**
   * Starts loading a worker's slices.
   *
   * @param shards folder of the shard set
   * @param step first step that {@link #next()} is to give, from 0
   * @param slice of each batch
   * @throws ShardException if an epoch has less than one batch
   */
  public static TrainingLoader open(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      RunConfig config,
      long step,
      BatchSlice slice) {
    if (step < 0) {
      throw new IllegalArgumentException("step must be at least 0 but was " + step);
    }
    stepsPerEpoch(manifest, config);
    return new TrainingLoader(fs, shards, manifest, config, step, slice);
  }

  /**
   * Whole batches in an epoch, at least 1.
   *
   * @throws ShardException if there are fewer training pictures than a batch has
   */
  public static int stepsPerEpoch(ShardManifest manifest, RunConfig config) {
    int pictures = manifest.rows(ShardPlan.TRAIN);
    int batch = config.train().batch();
    if (batch > pictures) {
      throw new ShardException(
          "train.batch (%d) must be at most the training pictures (%d)".formatted(batch, pictures));
    }
    return pictures / batch;
  }

  /**
   * The next step's batch; there always is one.
   *
   * @throws ShardException if it could not be read or decoded, or the thread was interrupted while
   *     it waited (its interrupted status is then set)
   */
  public Batch next() {
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw closedException();
    }
    long from = System.nanoTime();
    try {
      Batch batch = await(ahead);
      ahead = finisher.submit(() -> items.take().await());
      step++;
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardException("interrupted while waiting for a batch", e);
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    } finally {
      waitedNanos += System.nanoTime() - from;
    }
  }

  /** The step that {@link #next()} gives next, from 0. */
  public long step() {
    return step;
  }

  /** Time that {@link #next()} has spent waiting, in all. */
  public double waitSeconds() {
    return waitedNanos / 1e9;
  }

  /** Stops and joins all threads. */
  @Override
  public void close() {
    closed = true;
    LoaderThreads.stop(finisher);
    LoaderThreads.stop(feeder);
    samples.close();
    maker.close();
    feederThreads.join();
    finisherThreads.join();
  }

  private Batch await(Future<Batch> batch) throws InterruptedException {
    try {
      return batch.get();
    } catch (CancellationException e) {
      throw closedException();
    } catch (ExecutionException e) {
      if (closed) {
        throw closedException();
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new ShardException("Cannot finish a batch: " + e.getCause(), e.getCause());
    }
  }

  private static IllegalStateException closedException() {
    return new IllegalStateException("the loader is closed");
  }

  private void feed() {
    try {
      try {
        while (true) {
          items.put(start()::await);
        }
      } catch (RuntimeException e) {
        items.put(
            () -> {
              throw e;
            });
      }
    } catch (InterruptedException e) {
      // Closed: there is nobody left to tell.
      Thread.currentThread().interrupt();
    }
  }

  /** Starts the next batch. All its samples are of one epoch, because epochs are whole batches. */
  private BatchMaker.Pending start() throws InterruptedException {
    SampleStream.Samples next = samples.next();
    return maker.start(next.rows(), row -> rendering.training(row, randomness, next.epoch()));
  }
}
