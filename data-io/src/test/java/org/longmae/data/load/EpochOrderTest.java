package org.longmae.data.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.longmae.conf.Randomness;
import org.longmae.data.load.EpochOrder.Place;
import org.longmae.data.load.EpochOrder.RowGroup;

class EpochOrderTest {
  @Property(tries = 200, seed = "1")
  void epochVisitsEverySampleExactlyOnce(
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 120) Integer> rows,
      @ForAll @IntRange(min = 1, max = 9) int superBlock,
      @ForAll long seed,
      @ForAll @IntRange(max = 1000) int epoch) {
    List<RowGroup> groups = groups(rows);

    EpochOrder order = EpochOrder.of(groups, superBlock, new Randomness(seed), epoch);

    assertThat(places(order)).containsExactlyInAnyOrderElementsOf(inOrder(groups));
    assertThat(order.samples()).isEqualTo(rows.stream().mapToInt(Integer::intValue).sum());
  }

  @Property(tries = 100, seed = "1")
  void positionIsFoundInItsSuperBlock(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 120) Integer> rows,
      @ForAll @IntRange(min = 1, max = 9) int superBlock) {
    EpochOrder order = EpochOrder.of(groups(rows), superBlock, new Randomness(1), 0);

    for (long position = 0; position < order.samples(); position++) {
      EpochOrder.SuperBlock block = order.superBlock(order.superBlockOf(position));
      assertThat(position).isBetween(block.first(), block.first() + block.order().length - 1);
    }
  }

  @Test
  void sameSeedAndEpochGiveTheSameOrder() {
    assertThat(places(order(1, 3))).isEqualTo(places(order(1, 3)));
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    assertThat(places(order(2, 3))).isNotEqualTo(places(order(1, 3)));
  }

  @Test
  void anotherEpochGivesAnotherOrder() {
    assertThat(places(order(1, 4))).isNotEqualTo(places(order(1, 3)));
  }

  /** Rows of several row groups are mixed; without that, row groups would train together. */
  @Test
  void rowsAreShuffledAcrossTheRowGroupsOfASuperBlock() {
    List<Place> firstHundred = places(order(1, 0)).subList(0, 100);

    assertThat(firstHundred.stream().map(Place::rowGroup).distinct().count()).isEqualTo(4);
  }

  private static EpochOrder order(long seed, long epoch) {
    return EpochOrder.of(
        groups(List.of(100, 100, 100, 100, 100, 100, 100, 37)), 4, new Randomness(seed), epoch);
  }

  private static List<RowGroup> groups(List<Integer> rows) {
    List<RowGroup> groups = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      groups.add(new RowGroup("train-" + i / 3, i % 3, rows.get(i)));
    }
    return groups;
  }

  private static List<Place> places(EpochOrder order) {
    List<Place> places = new ArrayList<>();
    for (int block = 0; block < order.superBlocks(); block++) {
      places.addAll(order.superBlock(block).places());
    }
    return places;
  }

  private static List<Place> inOrder(List<RowGroup> groups) {
    List<Place> places = new ArrayList<>();
    for (RowGroup group : groups) {
      for (int row = 0; row < group.rows(); row++) {
        places.add(new Place(group, row));
      }
    }
    return places;
  }
}
