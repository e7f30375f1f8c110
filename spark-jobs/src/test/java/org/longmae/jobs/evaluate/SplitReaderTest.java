package org.longmae.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigLoader;
import org.longmae.data.load.EpochOrder.RowGroup;

class SplitReaderTest {
  private static SplitReader reader(int limit) {
    List<RowGroup> groups = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      groups.add(new RowGroup("f", i, 10));
    }
    return new SplitReader(
        "shards", new ArrayList<>(groups), new ConfigLoader().run().image(), 4, limit);
  }

  // A limit that ends inside a block must not be given to every block anew.
  @Test
  void blocksHaveEachPictureOnceUpToTheLimit() {
    for (int limit : new int[] {1, 320, 325, 640, 700, 10_000}) {
      List<SplitReader> blocks = reader(limit).blocks();
      assertThat(blocks.stream().mapToInt(SplitReader::pictures).sum())
          .isEqualTo(Math.min(700, limit));
      assertThat(blocks).hasSize((Math.min(700, limit) + 319) / 320);
      List<RowGroup> groups = new ArrayList<>();
      blocks.forEach(block -> groups.addAll(block.rowGroups()));
      assertThat(groups).isEqualTo(reader(limit).rowGroups().subList(0, groups.size()));
    }
  }

  @Test
  void aSplitWithoutPicturesHasNoBlocks() {
    assertThat(reader(0).blocks()).isEmpty();
  }
}
