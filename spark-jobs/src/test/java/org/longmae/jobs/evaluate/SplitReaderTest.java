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
    for (int i = 0; i < 5; i++) {
      groups.add(new RowGroup("f", i, 10));
    }
    return new SplitReader(
        "shards", new ArrayList<>(groups), new ConfigLoader().run().image(), 4, limit);
  }

  // A limit that ends inside a row group must not be given to every part anew.
  @Test
  void partsHaveEachPictureOnceUpToTheLimit() {
    for (int limit : new int[] {1, 10, 25, 50, 70}) {
      for (int count = 1; count <= 7; count++) {
        List<SplitReader> parts = reader(limit).parts(count);
        assertThat(parts.stream().mapToInt(SplitReader::pictures).sum())
            .isEqualTo(Math.min(50, limit));
        List<RowGroup> groups = new ArrayList<>();
        parts.forEach(part -> groups.addAll(part.rowGroups()));
        assertThat(groups)
            .isEqualTo(reader(limit).rowGroups().subList(0, (Math.min(50, limit) + 9) / 10));
      }
    }
  }
}
