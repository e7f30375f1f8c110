package org.longmae.data.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.longmae.conf.Randomness;
import org.longmae.data.load.EpochOrder.Place;
import org.longmae.data.load.EpochOrder.RowGroup;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardRow;

/**
 * A worker's training samples from a step on, epoch after epoch without end, each epoch cut to
 * whole batches.
 *
 * <p>A row group is read when a step in sight, the next or one of the {@value #AHEAD} behind it,
 * has a row of it, and kept until no stream is at it any more. So a seek reads one row group of
 * each stream that the worker has a part of, wherever in the epoch it goes; and in memory are one
 * row group a stream, less the rows that were handed out, and what the steps in sight bring.
 */
final class SampleStream implements AutoCloseable {
  /** Steps that are read ahead. */
  static final int AHEAD = 2;

  /** The samples of a worker's step, and the epoch they are visited in. */
  record Samples(long epoch, List<ShardRow> rows) {}

  /** Reads the rows of a row group; called by the reader thread. */
  interface Reader {
    List<ShardRow> read(RowGroup group) throws IOException;
  }

  /** A row group as it is read in one epoch: in the next its rows are all wanted once more. */
  private record Key(long epoch, RowGroup rowGroup) {}

  /** Which rows a step takes. */
  private record Planned(long epoch, long end, List<Place> places) {}

  private final Reader reader;
  private final List<RowGroup> rowGroups;
  private final int streams;
  private final Randomness randomness;
  private final BatchSlice slice;
  private final long stepsPerEpoch;
  private final LoaderThreads threads = new LoaderThreads("read");
  private final ExecutorService pool = Executors.newSingleThreadExecutor(threads);
  private final Map<Key, Future<ShardRow[]>> held = new HashMap<>();
  private final Deque<Planned> inSight = new ArrayDeque<>();
  private final Map<Long, EpochOrder> orders = new HashMap<>();
  private long nextPlanned;
  private long requested;

  /**
   * Prepares the samples; nothing is read before {@link #next}.
   *
   * @param streams S of {@link EpochOrder}
   * @param slice of each batch; an epoch has at least one batch
   * @param step from 0
   */
  SampleStream(
      Reader reader,
      List<RowGroup> rowGroups,
      int streams,
      Randomness randomness,
      BatchSlice slice,
      long step) {
    this.reader = reader;
    this.rowGroups = rowGroups;
    this.streams = streams;
    this.randomness = randomness;
    this.slice = slice;
    long rows = rowGroups.stream().mapToLong(RowGroup::rows).sum();
    stepsPerEpoch = rows / slice.batch();
    nextPlanned = step;
  }

  /**
   * The next step's samples. For one thread.
   *
   * @throws ShardException if a shard cannot be read
   */
  Samples next() throws InterruptedException {
    while (inSight.size() <= AHEAD) {
      inSight.add(plan(nextPlanned++));
    }
    Planned step = inSight.remove();
    List<ShardRow> rows = new ArrayList<>(step.places().size());
    for (Place place : step.places()) {
      ShardRow[] group = await(held.get(new Key(step.epoch(), place.rowGroup())));
      rows.add(group[place.row()]);
      // It is not visited again: its picture may go as soon as it is decoded.
      group[place.row()] = null;
    }
    releaseAfter(step);
    return new Samples(step.epoch(), rows);
  }

  /** Row groups that were asked for since the start. */
  long requested() {
    return requested;
  }

  /** Row groups in memory or being read. */
  int held() {
    return held.size();
  }

  private Planned plan(long step) {
    long epoch = step / stepsPerEpoch;
    long from = step % stepsPerEpoch * slice.batch();
    List<Place> places = order(epoch).places(from, slice.batch()).subList(slice.from(), slice.to());
    for (Place place : places) {
      held.computeIfAbsent(new Key(epoch, place.rowGroup()), this::request);
    }
    return new Planned(epoch, from + slice.batch(), places);
  }

  private Future<ShardRow[]> request(Key key) {
    requested++;
    return pool.submit(() -> reader.read(key.rowGroup()).toArray(new ShardRow[0]));
  }

  private void releaseAfter(Planned step) {
    Set<Key> wanted = new HashSet<>();
    if (step.end() < stepsPerEpoch * slice.batch()) {
      for (RowGroup group : order(step.epoch()).superBlock(step.end())) {
        wanted.add(new Key(step.epoch(), group));
      }
    }
    for (Planned next : inSight) {
      next.places().forEach(place -> wanted.add(new Key(next.epoch(), place.rowGroup())));
    }
    held.keySet().retainAll(wanted);
    orders.keySet().removeIf(epoch -> epoch < step.epoch());
  }

  private EpochOrder order(long epoch) {
    return orders.computeIfAbsent(epoch, e -> EpochOrder.of(rowGroups, streams, randomness, e));
  }

  private static ShardRow[] await(Future<ShardRow[]> read) throws InterruptedException {
    try {
      return read.get();
    } catch (CancellationException e) {
      throw new IllegalStateException("the loader is closed", e);
    } catch (ExecutionException e) {
      throw new ShardException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Stops and joins the reader thread. */
  @Override
  public void close() {
    LoaderThreads.stop(pool);
    threads.join();
  }
}
