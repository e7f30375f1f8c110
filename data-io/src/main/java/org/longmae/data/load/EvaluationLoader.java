package org.longmae.data.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ImageConfig;
import org.longmae.data.load.EpochOrder.RowGroup;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardRow;

/**
 * The pictures of a split, once, in the order of the shards, without randomness: the largest
 * centred part of each that has the images' shape. One batch is decoded ahead, on as many threads
 * as there are processors.
 */
public final class EvaluationLoader implements AutoCloseable {
  private final FileSystem fs;
  private final Path shards;
  private final Iterator<RowGroup> rowGroups;
  private final Rendering rendering;
  private final BatchMaker maker;
  private final int batch;
  private final Deque<ShardRow> rows = new ArrayDeque<>();
  private Optional<BatchMaker.Pending> ahead;
  private int left;

  private EvaluationLoader(
      FileSystem fs,
      Path shards,
      List<RowGroup> rowGroups,
      ImageConfig image,
      int batch,
      int limit) {
    this.fs = fs;
    this.shards = shards;
    this.rowGroups = rowGroups.iterator();
    this.batch = batch;
    rendering = new Rendering(image);
    maker = new BatchMaker(Runtime.getRuntime().availableProcessors(), rendering);
    left = limit;
    ahead = start();
  }

  /**
   * Starts loading; a split without pictures gives no batch.
   *
   * @param shards folder of the shard set
   * @param batch pictures a batch; the last batch may have fewer
   * @param limit most pictures in all
   * @throws ShardException if the first pictures cannot be read
   */
  public static EvaluationLoader open(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      String split,
      ImageConfig image,
      int batch,
      int limit) {
    return open(fs, shards, EpochOrder.rowGroups(manifest, split), image, batch, limit);
  }

  /**
   * The same of some row groups, such as a task's part of a split.
   *
   * @throws ShardException if the first pictures cannot be read
   */
  public static EvaluationLoader open(
      FileSystem fs,
      Path shards,
      List<RowGroup> rowGroups,
      ImageConfig image,
      int batch,
      int limit) {
    if (batch < 1 || limit < 0) {
      throw new IllegalArgumentException(
          "batch must be at least 1 and limit at least 0 but were %d and %d"
              .formatted(batch, limit));
    }
    return new EvaluationLoader(fs, shards, rowGroups, image, batch, limit);
  }

  /**
   * The next batch; empty after the last.
   *
   * @throws ShardException if it could not be read or decoded, or the thread was interrupted
   */
  public Optional<Batch> next() {
    if (ahead.isEmpty()) {
      return Optional.empty();
    }
    BatchMaker.Pending pending = ahead.get();
    ahead = start();
    try {
      return Optional.of(pending.await());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardException("interrupted while waiting for a batch", e);
    }
  }

  /** Stops and joins the threads. */
  @Override
  public void close() {
    maker.close();
  }

  private Optional<BatchMaker.Pending> start() {
    List<ShardRow> taken = new ArrayList<>();
    while (taken.size() < batch && left > 0 && fill()) {
      taken.add(rows.remove());
      left--;
    }
    return taken.isEmpty()
        ? Optional.empty()
        : Optional.of(maker.start(taken, rendering::evaluation));
  }

  /** Whether there is a row, after reading more if need be. */
  private boolean fill() {
    while (rows.isEmpty() && rowGroups.hasNext()) {
      try {
        rows.addAll(rowGroups.next().read(fs, shards));
      } catch (IOException e) {
        throw new ShardException(e.getMessage(), e);
      }
    }
    return !rows.isEmpty();
  }
}
