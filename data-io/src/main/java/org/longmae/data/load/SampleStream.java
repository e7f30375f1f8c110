package org.longmae.data.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.EpochOrder.RowGroup;
import org.longmae.data.load.EpochOrder.SuperBlock;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;

/**
 * A worker's training samples from a step on, epoch after epoch without end, each epoch cut to
 * whole batches. While one super-block is handed out the next is read, so two are in memory, each
 * less what is not the worker's.
 */
final class SampleStream implements AutoCloseable {
  /** A sample and the epoch it is visited in. */
  record Sample(ShardRow row, long epoch) {}

  /**
   * What is to be visited of one super-block: positions {@code from} to {@code to} of its order.
   */
  private record Part(long epoch, int block, int from, int to) {}

  /** A part with its rows, in the order of visits. */
  private record Loaded(Part part, List<ShardRow> rows) {}

  private final FileSystem fs;
  private final Path shards;
  private final RunConfig config;
  private final BatchSlice slice;
  private final List<RowGroup> rowGroups;

  /** Samples that an epoch visits: the incomplete last batch is left out. */
  private final long visited;

  private final LoaderThreads threads = new LoaderThreads("read");
  private final ExecutorService reader = Executors.newSingleThreadExecutor(threads);
  private Future<Loaded> ahead;
  private Loaded current;
  private int next;

  /** The order last asked for; kept because an epoch has many super-blocks. */
  private EpochOrder order;

  private long orderEpoch = -1;

  SampleStream(
      FileSystem fs,
      Path shards,
      ShardManifest manifest,
      RunConfig config,
      long step,
      BatchSlice slice) {
    this.fs = fs;
    this.shards = shards;
    this.config = config;
    this.slice = slice;
    rowGroups = EpochOrder.rowGroups(manifest, ShardPlan.TRAIN);
    int stepsPerEpoch = TrainingLoader.stepsPerEpoch(manifest, config);
    int batch = config.train().batch();
    visited = (long) stepsPerEpoch * batch;
    long epoch = step / stepsPerEpoch;
    long position = step % stepsPerEpoch * batch;
    ahead = reader.submit(() -> load(part(epoch, position)));
  }

  /**
   * The next sample.
   *
   * @throws ShardException if its shard cannot be read
   */
  Sample next() throws InterruptedException {
    // A small super-block may have nothing for this worker.
    while (current == null || next == current.rows().size()) {
      current = await(ahead);
      next = 0;
      Part part = current.part();
      ahead = reader.submit(() -> load(after(part)));
    }
    return new Sample(current.rows().get(next++), current.part().epoch());
  }

  private Part part(long epoch, long position) {
    EpochOrder epochOrder = order(epoch);
    int block = epochOrder.superBlockOf(position);
    SuperBlock superBlock = epochOrder.superBlock(block);
    long to = Math.min(superBlock.order().length, visited - superBlock.first());
    return new Part(epoch, block, (int) (position - superBlock.first()), (int) to);
  }

  private Part after(Part part) {
    long position = order(part.epoch()).superBlock(part.block()).first() + part.to();
    return position < visited ? part(part.epoch(), position) : part(part.epoch() + 1, 0);
  }

  private Loaded load(Part part) throws IOException {
    SuperBlock block = order(part.epoch()).superBlock(part.block());
    List<ShardRow> rows = new ArrayList<>();
    for (RowGroup group : block.rowGroups()) {
      Path file = new Path(shards, group.file());
      try (ShardReader shard = ShardReader.openWithoutObjects(fs, file)) {
        rows.addAll(shard.rowGroup(group.index()));
      }
    }
    List<ShardRow> ordered = new ArrayList<>();
    for (int i = part.from(); i < part.to(); i++) {
      if (slice.has(block.first() + i)) {
        ordered.add(rows.get(block.order()[i]));
      }
    }
    return new Loaded(part, ordered);
  }

  /** Called by the reader thread alone. */
  private EpochOrder order(long epoch) {
    if (epoch != orderEpoch) {
      int superBlock = config.data().superBlock();
      order = EpochOrder.of(rowGroups, superBlock, config.randomness(), epoch);
      orderEpoch = epoch;
    }
    return order;
  }

  private static Loaded await(Future<Loaded> loaded) throws InterruptedException {
    try {
      return loaded.get();
    } catch (ExecutionException e) {
      throw new ShardException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Stops and joins the reader thread. */
  @Override
  public void close() {
    reader.shutdownNow();
    threads.join();
  }
}
