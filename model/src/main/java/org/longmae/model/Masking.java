package org.longmae.model;

import java.util.random.RandomGenerator;

/**
 * Which patches the encoder sees: a random order of all patches, of which the first K are visible.
 *
 * <p>Patches are hidden in squares of m x m, the fixed tiling of the grid that starts at its
 * corner; at the right and lower edge of a grid that m does not divide, the squares are smaller,
 * not dropped. The squares are shuffled and each is written out column by column. K is counted in
 * patches, so the last visible square may be cut. m = 1 is the masking of plain MAE.
 *
 * <p>Decoupling m from the patch is the change that lets sequences grow: with small patches of a
 * large image, single hidden patches are too easy to fill in from their neighbours.
 *
 * @see <a href="https://arxiv.org/abs/2210.07224">Hu et al.: Exploring Long-Sequence Masked
 *     Autoencoders (2022)</a>
 */
public final class Masking {
  private Masking() {}

  /**
   * Draws the order of an image's patches (ids_shuffle).
   *
   * @param unit m, the side of the squares in patches
   * @return L patches; the first K are visible
   */
  public static int[] shuffle(Grid grid, int unit, RandomGenerator random) {
    return expand(grid, unit, permutation(blocks(grid, unit), random));
  }

  /** Number of squares, counting cut ones. */
  public static int blocks(Grid grid, int unit) {
    return blocksAlong(grid.rows(), unit) * blocksAlong(grid.cols(), unit);
  }

  /**
   * The patches of the squares, in the squares' order.
   *
   * @param order a permutation of the squares, numbered row by row
   */
  static int[] expand(Grid grid, int unit, int[] order) {
    int[] shuffle = new int[grid.patches()];
    int blockCols = blocksAlong(grid.cols(), unit);
    int next = 0;
    for (int block : order) {
      int top = block / blockCols * unit;
      int left = block % blockCols * unit;
      for (int col = left; col < Math.min(left + unit, grid.cols()); col++) {
        for (int row = top; row < Math.min(top + unit, grid.rows()); row++) {
          shuffle[next++] = grid.patch(row, col);
        }
      }
    }
    return shuffle;
  }

  /** The inverse permutation (ids_restore): the place of each patch in the order. */
  public static int[] restore(int[] shuffle) {
    int[] restore = new int[shuffle.length];
    for (int place = 0; place < shuffle.length; place++) {
      restore[shuffle[place]] = place;
    }
    return restore;
  }

  private static int blocksAlong(int side, int unit) {
    if (unit < 1) {
      throw new IllegalArgumentException("mask unit must be at least 1 patch but was " + unit);
    }
    return (side + unit - 1) / unit;
  }

  /** Durstenfeld's shuffle: every permutation is equally likely. */
  private static int[] permutation(int length, RandomGenerator random) {
    int[] order = new int[length];
    for (int last = 0; last < length; last++) {
      int place = random.nextInt(last + 1);
      order[last] = order[place];
      order[place] = last;
    }
    return order;
  }
}
