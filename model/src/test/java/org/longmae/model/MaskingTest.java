package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.longmae.conf.MaskConfig;

class MaskingTest {
  @Test
  void blocksAreWrittenOutColumnByColumn() {
    int[] shuffle = Masking.expand(new Grid(4, 4), 2, new int[] {2, 0, 3, 1});
    assertThat(shuffle).containsExactly(8, 12, 9, 13, 0, 4, 1, 5, 10, 14, 11, 15, 2, 6, 3, 7);
    assertThat(Masking.restore(shuffle))
        .containsExactly(4, 6, 12, 14, 5, 7, 13, 15, 0, 2, 8, 10, 1, 3, 9, 11);
  }

  @Test
  void edgeBlocksAreSmallerNotDropped() {
    int[] order = {4, 8, 0, 1, 2, 3, 5, 6, 7};
    assertThat(Masking.expand(new Grid(5, 5), 2, order))
        .containsExactly(
            12, 17, 13, 18, 24, 0, 5, 1, 6, 2, 7, 3, 8, 4, 9, 10, 15, 11, 16, 14, 19, 20, 21, 22,
            23);
  }

  @Test
  void everyPatchOccursOnceOnAnyGrid() {
    SplittableRandom random = new SplittableRandom(1);
    for (int rows = 1; rows <= 7; rows += 2) {
      for (int cols = 1; cols <= 6; cols++) {
        for (int unit = 1; unit <= 4; unit++) {
          int[] shuffle = Masking.shuffle(new Grid(rows, cols), unit, random);
          int[] sorted = shuffle.clone();
          Arrays.sort(sorted);
          assertThat(sorted).isEqualTo(IntStream.range(0, rows * cols).toArray());
          int[] restore = Masking.restore(shuffle);
          IntStream.range(0, shuffle.length)
              .forEach(place -> assertThat(restore[shuffle[place]]).isEqualTo(place));
        }
      }
    }
  }

  @Test
  void maskUnitOneIsPlainMae() {
    // With m = 1 the squares' order is the patches' order: one plain random permutation.
    int[] order = Masking.shuffle(new Grid(3, 4), 1, new SplittableRandom(5));
    assertThat(Masking.expand(new Grid(3, 4), 1, order)).isEqualTo(order);
    assertThat(Masking.blocks(new Grid(3, 4), 1)).isEqualTo(12);
  }

  @Test
  void everyPermutationIsEquallyLikely() {
    int[] seen = new int[27];
    SplittableRandom random = new SplittableRandom(3);
    for (int draw = 0; draw < 6000; draw++) {
      int[] order = Masking.shuffle(new Grid(1, 3), 1, random);
      seen[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    // Six permutations, 1000 expected of each, deviation 29.
    assertThat(Arrays.stream(seen).filter(count -> count > 0).boxed())
        .hasSize(6)
        .allMatch(count -> count > 850 && count < 1150);
  }

  @Test
  void visibleCountIsTruncatedInDouble() {
    int[][] counts = {{49, 12}, {196, 49}, {400, 100}, {576, 144}, {784, 196}, {1024, 256}};
    for (int[] count : counts) {
      assertThat(new MaskConfig(0.75, 1).keptPatches(count[0])).isEqualTo(count[1]);
    }
    assertThat(new MaskConfig(0.9, 1).keptPatches(100)).isEqualTo(9);
    assertThat(new MaskConfig(0.9, 1).keptPatches(400)).isEqualTo(39);
    assertThat(new MaskConfig(0.8, 1).keptPatches(784)).isEqualTo(156);
    assertThat(new MaskConfig(0.7, 1).keptPatches(784)).isEqualTo(235);
    assertThat(new MaskConfig(0.9375, 1).keptPatches(784)).isEqualTo(49);
    assertThat(new MaskConfig(0.6, 1).keptPatches(196)).isEqualTo(78);
    assertThat(new MaskConfig(0.9, 1).keptPatches(196)).isEqualTo(19);
  }

  @Test
  void lastVisibleBlockMayBeCut() {
    // g=28, m=4: 196 visible are 12 whole blocks and the first column of a thirteenth.
    int[] shuffle = Masking.shuffle(new Grid(28, 28), 4, new SplittableRandom(2));
    int[] visibleInBlock = new int[49];
    for (int place = 0; place < 196; place++) {
      visibleInBlock[shuffle[place] / 28 / 4 * 7 + shuffle[place] % 28 / 4]++;
    }
    assertThat(Arrays.stream(visibleInBlock).filter(count -> count == 16).count()).isEqualTo(12);
    assertThat(Arrays.stream(visibleInBlock).filter(count -> count == 4).count()).isEqualTo(1);
    int column = shuffle[192] % 28;
    assertThat(Arrays.stream(shuffle, 192, 196).boxed()).allMatch(patch -> patch % 28 == column);
  }

  @Test
  void unitBelowOneIsRefused() {
    assertThatThrownBy(() -> Masking.blocks(new Grid(2, 2), 0))
        .hasMessageContaining("at least 1 patch but was 0");
  }
}
