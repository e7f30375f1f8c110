package org.longmae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.longmae.conf.TransformerConfig;

/**
 * A small model and how its batches are masked. Widths and heads of encoder and decoder differ, so
 * that one taken for the other cannot hide.
 *
 * @param unit m, side of the squares of patches that are hidden together
 */
record MaeCase(int channels, Grid grid, int patchSize, int unit, boolean normalizedTarget) {
  /** A square and a wide grid; of the sides 4, 3 and 5, m = 2 divides one and m = 3 another. */
  static final List<Grid> GRIDS = List.of(new Grid(4, 4), new Grid(3, 5));

  /** Mask units 1, 2, 3 on both grids. */
  static List<MaeCase> units(int channels, boolean normalizedTarget) {
    List<MaeCase> cases = new ArrayList<>();
    for (Grid grid : GRIDS) {
      for (int unit = 1; unit <= 3; unit++) {
        cases.add(new MaeCase(channels, grid, 2, unit, normalizedTarget));
      }
    }
    return cases;
  }

  /** Mask units with 1, 3 and 5 channels, raw and normalised targets. */
  static List<MaeCase> all() {
    List<MaeCase> cases = new ArrayList<>();
    for (int channels = 1; channels <= 5; channels += 2) {
      cases.addAll(units(channels, true));
      cases.addAll(units(channels, false));
    }
    return cases;
  }

  /** The model, two blocks deep: of 15 or 16 patches 5 are visible, so units of 2 and 3 are cut. */
  MaeSpec spec() {
    return spec(2);
  }

  /** The model with as many blocks in encoder and decoder as said. */
  MaeSpec spec(int depth) {
    return new MaeSpec(
        channels,
        grid,
        patchSize,
        new TransformerConfig(12, depth, 3),
        new TransformerConfig(8, depth, 2),
        5,
        normalizedTarget);
  }

  /** A batch of pictures. */
  float[] images(int count) {
    return Models.images(spec(), count, 11);
  }

  /** Their masks. */
  int[] shuffles(int count) {
    SplittableRandom random = new SplittableRandom(12);
    int[] shuffles = new int[count * grid.patches()];
    for (int image = 0; image < count; image++) {
      int[] shuffle = NaiveMasking.shuffle(grid.rows(), grid.cols(), unit, random);
      System.arraycopy(shuffle, 0, shuffles, image * shuffle.length, shuffle.length);
    }
    return shuffles;
  }
}
