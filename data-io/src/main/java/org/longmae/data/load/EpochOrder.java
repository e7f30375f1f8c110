package org.longmae.data.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.longmae.conf.Randomness;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;

/**
 * The order in which an epoch visits the rows of a split, as a pure function of (row groups, super
 * block size, seed, epoch). Every row is visited exactly once.
 *
 * <p>The row groups are permuted and cut into super-blocks of a few row groups each; the rows of a
 * super-block are shuffled among themselves. So reading stays sequential within row groups, each
 * row group is read once, and memory holds one super-block. Shards are shuffled when they are made;
 * two rows that lie in one row group nevertheless keep company for all epochs, in different order
 * and with other neighbours.
 */
public final class EpochOrder {
  /**
   * A row group of a shard file.
   *
   * @param file name of the shard file
   * @param index of the row group in it
   * @param rows in it
   */
  public record RowGroup(String file, int index, int rows) {}

  /** A row: the {@code row}-th of a row group. */
  public record Place(RowGroup rowGroup, int row) {}

  /**
   * Row groups whose rows are shuffled together.
   *
   * @param first position of its first sample in the epoch
   * @param order positions in {@code rowGroups}' rows, one row group behind the other, in the order
   *     of visits
   */
  public record SuperBlock(long first, List<RowGroup> rowGroups, int[] order) {
    /** The places that are visited, in order. */
    public List<Place> places() {
      List<Place> rows = new ArrayList<>();
      for (RowGroup group : rowGroups) {
        for (int row = 0; row < group.rows(); row++) {
          rows.add(new Place(group, row));
        }
      }
      return Arrays.stream(order).mapToObj(rows::get).toList();
    }
  }

  private final List<RowGroup> permuted;
  private final int size;
  private final Randomness randomness;
  private final long epoch;

  /** Position of the first sample of each super-block, and behind them that of the end. */
  private final long[] firsts;

  private EpochOrder(List<RowGroup> rowGroups, int size, Randomness randomness, long epoch) {
    this.size = size;
    this.randomness = randomness;
    this.epoch = epoch;
    int[] order = shuffled(rowGroups.size(), stream(0));
    permuted = Arrays.stream(order).mapToObj(rowGroups::get).toList();
    int blocks = (permuted.size() + size - 1) / size;
    firsts = new long[blocks + 1];
    for (int b = 0; b < blocks; b++) {
      firsts[b + 1] = firsts[b] + rows(groups(b));
    }
  }

  /**
   * The order of an epoch.
   *
   * @param superBlock row groups that are shuffled together, at least 1
   * @param epoch from 0
   */
  public static EpochOrder of(
      List<RowGroup> rowGroups, int superBlock, Randomness randomness, long epoch) {
    return new EpochOrder(List.copyOf(rowGroups), superBlock, randomness, epoch);
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

  /** Number of super-blocks. */
  public int superBlocks() {
    return firsts.length - 1;
  }

  /** A super-block, from 0. */
  public SuperBlock superBlock(int index) {
    List<RowGroup> groups = groups(index);
    return new SuperBlock(firsts[index], groups, shuffled(rows(groups), stream(1 + index)));
  }

  /** Which super-block the sample at a position of the epoch is in. */
  public int superBlockOf(long position) {
    int found = Arrays.binarySearch(firsts, position);
    return found >= 0 ? found : -found - 2;
  }

  private List<RowGroup> groups(int block) {
    return permuted.subList(block * size, Math.min((block + 1) * size, permuted.size()));
  }

  private RandomGenerator stream(long id) {
    return randomness.stream(Randomness.Purpose.ORDER, epoch, id);
  }

  private static int rows(List<RowGroup> groups) {
    return groups.stream().mapToInt(RowGroup::rows).sum();
  }

  private static int[] shuffled(int n, RandomGenerator random) {
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
