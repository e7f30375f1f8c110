package org.longmae.jobs.train;

import org.longmae.conf.Randomness;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.model.Grid;
import org.longmae.model.Masking;

/** Draws the masks of a batch, each a function of (seed, purpose, epoch, sample id) alone. */
public final class BatchMasks {
  private final Randomness randomness;
  private final Purpose purpose;
  private final Grid grid;
  private final int unit;

  /**
   * Prepares masks for a run's grid.
   *
   * @param purpose training masks change with the epoch, held-out masks are asked for epoch 0 only
   */
  public BatchMasks(RunConfig config, Purpose purpose) {
    this.randomness = config.randomness();
    this.purpose = purpose;
    this.grid = new Grid(config.gridRows(), config.gridCols());
    this.unit = config.mask().unit();
  }

  /** ids_shuffle of each sample, one after the other: [B, L]. */
  public int[] of(long[] ids, int epoch) {
    int patches = grid.rows() * grid.cols();
    int[] shuffles_BL = new int[ids.length * patches];
    for (int b = 0; b < ids.length; b++) {
      int[] shuffle = Masking.shuffle(grid, unit, randomness.stream(purpose, epoch, ids[b]));
      System.arraycopy(shuffle, 0, shuffles_BL, b * patches, patches);
    }
    return shuffles_BL;
  }
}
