package org.longmae.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Masking as the paper describes it, with lists: what the fast one is checked against. */
final class NaiveMasking {
  private NaiveMasking() {}

  /** ids_shuffle of one image. */
  static int[] shuffle(int rows, int cols, int unit, RandomGenerator random) {
    int blocks = ((rows + unit - 1) / unit) * ((cols + unit - 1) / unit);
    List<Integer> order = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      order.add(block);
    }
    Collections.shuffle(order, new Random(random.nextLong()));
    return expand(rows, cols, unit, order);
  }

  /** Each block's patches, x outside and y inside; those outside the grid are left out. */
  static int[] expand(int rows, int cols, int unit, List<Integer> order) {
    int blocksAcross = (cols + unit - 1) / unit;
    List<Integer> patches = new ArrayList<>();
    for (int block : order) {
      int left = block % blocksAcross * unit;
      int top = block / blocksAcross * unit;
      for (int x = left; x < left + unit; x++) {
        for (int y = top; y < top + unit; y++) {
          if (x < cols && y < rows) {
            patches.add(y * cols + x);
          }
        }
      }
    }
    return patches.stream().mapToInt(Integer::intValue).toArray();
  }
}
