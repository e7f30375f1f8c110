package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.conf.MaskConfig;

/** How many blocks a mask shows whole, and how many it cuts. */
class MaskBlocksTest {
  @ParameterizedTest
  @CsvSource({
    "49, 12",
    "196, 49",
    "400, 100",
    "576, 144",
    "784, 196",
    "1024, 256",
    "1600, 400",
    "3136, 784"
  })
  void threeQuartersAreHidden(int patches, int visible) {
    assertThat(new MaskConfig(0.75, 1).keptPatches(patches)).isEqualTo(visible);
  }

  // Blocks of m·m patches, of which K = ⌊L/4⌋ patches are shown: the last block may be cut.
  @ParameterizedTest
  @CsvSource({
    "28, 2, 196, 49, 0",
    "28, 4, 49, 12, 4",
    "14, 2, 49, 12, 1",
    "20, 2, 100, 25, 0",
    "24, 2, 144, 36, 0",
    "32, 2, 256, 64, 0",
  })
  void wholeBlocksAreShownAndAtMostOneIsCut(int side, int unit, int blocks, int whole, int cut) {
    Grid grid = new Grid(side, side);
    assertThat(Masking.blocks(grid, unit)).isEqualTo(blocks);
    for (int seed = 0; seed < 20; seed++) {
      int[] shuffle = Masking.shuffle(grid, unit, new SplittableRandom(seed));
      int[] seen = new int[blocks];
      int kept = new MaskConfig(0.75, unit).keptPatches(grid.patches());
      for (int place = 0; place < kept; place++) {
        int row = shuffle[place] / side / unit;
        int col = shuffle[place] % side / unit;
        seen[row * (side / unit) + col]++;
      }
      int full = 0;
      List<Integer> partly = new ArrayList<>();
      for (int count : seen) {
        if (count == unit * unit) {
          full++;
        } else if (count > 0) {
          partly.add(count);
        }
      }
      assertThat(full).isEqualTo(whole);
      assertThat(partly).isEqualTo(cut == 0 ? List.of() : List.of(cut));
      if (cut == 1) {
        // The first patch of a block is its upper left one.
        assertThat(shuffle[kept - 1] / side % unit + shuffle[kept - 1] % side % unit).isZero();
      }
    }
  }

  @Test
  void edgeBlocksOfAnOddGridAreOneWide() {
    Grid grid = new Grid(7, 7);
    assertThat(Masking.blocks(grid, 2)).isEqualTo(16);
    int[] identity = new int[16];
    for (int block = 0; block < 16; block++) {
      identity[block] = block;
    }
    int[] shuffle = Masking.expand(grid, 2, identity);
    // Blocks 0 to 2 have 4 patches each, block 3 is the right edge: patches 6 and 13.
    assertThat(shuffle[12]).isEqualTo(6);
    assertThat(shuffle[13]).isEqualTo(13);
    assertThat(shuffle[48]).isEqualTo(48);
  }

  @Test
  void workedExampleHidesTheRightRows() {
    int[] restore = Masking.restore(Masking.expand(new Grid(4, 4), 2, new int[] {2, 0, 3, 1}));
    StringBuilder mask = new StringBuilder();
    for (int patch = 0; patch < 16; patch++) {
      mask.append(restore[patch] < 4 ? 0 : 1).append(patch % 4 == 3 ? "/" : "");
    }
    assertThat(mask).hasToString("1111/1111/0011/0011/");
  }

  @Test
  void blocksOfAnyGridAreTheNaiveOnes() {
    Random random = new Random(4);
    for (int rows = 1; rows <= 7; rows++) {
      for (int cols = 1; cols <= 6; cols++) {
        for (int unit = 1; unit <= 4; unit++) {
          List<Integer> order = new ArrayList<>();
          for (int block = 0; block < Masking.blocks(new Grid(rows, cols), unit); block++) {
            order.add(block);
          }
          Collections.shuffle(order, random);
          int[] blocks = order.stream().mapToInt(Integer::intValue).toArray();
          assertThat(Masking.expand(new Grid(rows, cols), unit, blocks))
              .isEqualTo(NaiveMasking.expand(rows, cols, unit, order));
        }
      }
    }
  }
}
