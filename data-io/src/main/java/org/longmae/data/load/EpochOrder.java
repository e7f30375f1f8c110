package org.longmae.data.load;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;

/**
 * The canonical order in which an epoch visits the rows of a split, as a pure function of (row
 * groups, streams, seed, epoch). Every row is visited exactly once; workers, batches and threads
 * have no part in it.
 *
 * <pre>
 *   row groups, permuted, the rows of each permuted      1b 1a 1c | 0c 0a 0b | 2a 2c 2b
 *   cut into S streams of equal length, to one row       1b 1a 1c  0c 0a | 0b 2a 2c 2b     S = 2
 *   dealt: position g is row ⌊g/S⌋ of stream g mod S     1b 0b 1a 2a 1c 2c 0c 2b 0a
 * </pre>
 *
 * <p>So S row groups are mixed at a time, the super-block; each stream reads its row groups one
 * after the other, from the first row to the last; and to go on from any position it takes one row
 * group of each stream, wherever in the epoch it is. A row group that two streams share at their
 * border is read for both.
 *
 * <p>Shards are shuffled when they are made; two rows that lie in one row group nevertheless keep
 * company for all epochs, in different order and with other neighbours.
 */
public final class EpochOrder {
  /**
   * A row group of a shard file.
   *
   * @param file name of the shard file
   * @param index of the row group in it
   * @param rows in it
   */
  public record RowGroup(String file, int index, int rows) implements Serializable {
    /** Reads its rows, without their objects, from the shard set in a folder. */
    List<ShardRow> read(FileSystem fs, Path shards) throws IOException {
      try (ShardReader reader = ShardReader.openWithoutObjects(fs, new Path(shards, file))) {
        return reader.rowGroup(index);
      }
    }
  }

  /** A row: the {@code row}-th of a row group. */
  public record Place(RowGroup rowGroup, int row) {}

  private final List<RowGroup> rowGroups;
  private final int streams;
  private final Randomness randomness;
  private final long epoch;

  /** Which row group comes at which place of the permuted sequence. */
  private final int[] permuted;

  /** Rows before each row group of the permuted sequence, and behind them the rows in all. */
  private final long[] firsts;

  private EpochOrder(List<RowGroup> rowGroups, int streams, Randomness randomness, long epoch) {
    this.rowGroups = rowGroups;
    this.streams = streams;
    this.randomness = randomness;
    this.epoch = epoch;
    permuted = shuffled(rowGroups.size(), 0);
    firsts = new long[permuted.length + 1];
    for (int i = 0; i < permuted.length; i++) {
      firsts[i + 1] = firsts[i] + rowGroups.get(permuted[i]).rows();
    }
  }

  /**
   * The order of an epoch.
   *
   * @param rowGroups each of at least one row
   * @param streams S, at least 1
   * @param epoch from 0
   */
  public static EpochOrder of(
      List<RowGroup> rowGroups, int streams, Randomness randomness, long epoch) {
    return new EpochOrder(List.copyOf(rowGroups), streams, randomness, epoch);
  }

  /** The row groups of a split, in the order of the manifest. */
  public static List<RowGroup> rowGroups(ShardManifest manifest, String split) {
    List<RowGroup> groups = new ArrayList<>();
    for (ShardFile file : manifest.files(split)) {
      for (int i = 0; i < file.rowGroups().size(); i++) {
        groups.add(new RowGroup(file.name(), i, file.rowGroups().get(i)));
      }
    }
    return groups;
  }

  /** Rows in all. */
  public long samples() {
    return firsts[firsts.length - 1];
  }

  /**
   * The rows at some positions, those of the first stream first, so that a part of a batch is made
   * of as few streams as can be.
   *
   * @param from first position
   * @param size number of positions; {@code from + size} is at most {@link #samples}
   */
  public List<Place> places(long from, int size) {
    List<Place> places = new ArrayList<>(size);
    for (int stream = 0; stream < streams; stream++) {
      long row = start(stream) + visited(stream, from);
      long end = start(stream) + visited(stream, from + size);
      while (row < end) {
        row = addRun(row, end, places);
      }
    }
    return places;
  }

  /**
   * The row groups that the streams are at when all positions before {@code position} have been
   * visited: at most one a stream.
   */
  public Set<RowGroup> superBlock(long position) {
    Set<RowGroup> groups = new HashSet<>();
    for (int stream = 0; stream < streams; stream++) {
      long row = start(stream) + visited(stream, position);
      if (row < start(stream + 1)) {
        groups.add(rowGroups.get(permuted[groupOf(row)]));
      }
    }
    return groups;
  }

  /** Adds the rows up to {@code end} that are in one row group; returns the row behind them. */
  private long addRun(long row, long end, List<Place> places) {
    int at = groupOf(row);
    RowGroup group = rowGroups.get(permuted[at]);
    int[] order = shuffled(group.rows(), 1 + permuted[at]);
    long runEnd = Math.min(end, firsts[at + 1]);
    for (long i = row; i < runEnd; i++) {
      places.add(new Place(group, order[(int) (i - firsts[at])]));
    }
    return runEnd;
  }

  /** First row, in the permuted sequence, of a stream. */
  private long start(int stream) {
    return samples() / streams * stream + Math.min(stream, samples() % streams);
  }

  /** Rows of a stream that lie before a position. */
  private long visited(int stream, long position) {
    return (position + streams - 1 - stream) / streams;
  }

  private int groupOf(long row) {
    int found = Arrays.binarySearch(firsts, row);
    return found >= 0 ? found : -found - 2;
  }

  private int[] shuffled(int n, long id) {
    RandomGenerator random = randomness.stream(Randomness.Purpose.ORDER, epoch, id);
    int[] order = new int[n];
    // "Inside-out" Fisher and Yates: fills and shuffles in one pass.
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
