package org.longmae.data.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.longmae.conf.Randomness;
import org.longmae.data.load.EpochOrder.Place;
import org.longmae.data.load.EpochOrder.RowGroup;

class EpochOrderTest {
  @Property(seed = "1")
  void epochVisitsEverySampleExactlyOnce(
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 120) Integer> rows,
      @ForAll @IntRange(min = 1, max = 40) int streams,
      @ForAll long seed,
      @ForAll @IntRange(max = 1000) int epoch) {
    List<RowGroup> groups = groups(rows);

    EpochOrder order = EpochOrder.of(groups, streams, new Randomness(seed), epoch);

    List<Place> places = canonical(order);
    assertThat(places).hasSize(rows.stream().mapToInt(Integer::intValue).sum());
    assertThat(new HashSet<>(places)).isEqualTo(new HashSet<>(inOrder(groups)));
    assertThat(order.samples()).isEqualTo(rows.stream().mapToInt(Integer::intValue).sum());
  }

  /** The definition, word by word: one sequence, cut into streams, of which each gives in turn. */
  @Property(seed = "1")
  void orderIsTheSequenceOfOneStreamDealtToAll(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 40) Integer> rows,
      @ForAll @IntRange(min = 1, max = 12) int streams) {
    List<Place> sequence = canonical(EpochOrder.of(groups(rows), 1, new Randomness(5), 2));
    List<List<Place>> cut = new ArrayList<>();
    int from = 0;
    for (int stream = 0; stream < streams; stream++) {
      int length = sequence.size() / streams + (stream < sequence.size() % streams ? 1 : 0);
      cut.add(sequence.subList(from, from + length));
      from += length;
    }
    List<Place> dealt = new ArrayList<>();
    for (int i = 0; i < sequence.size(); i++) {
      dealt.add(cut.get(i % streams).get(i / streams));
    }

    assertThat(canonical(EpochOrder.of(groups(rows), streams, new Randomness(5), 2)))
        .isEqualTo(dealt);
  }

  /** Batches lie between any two positions, at the end of the epoch too. */
  @Property(seed = "1")
  void batchIsTheRowsAtItsPositionsByStream(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 40) Integer> rows,
      @ForAll @IntRange(min = 1, max = 12) int streams,
      @ForAll @IntRange(max = 1200) int a,
      @ForAll @IntRange(max = 1200) int b) {
    EpochOrder order = EpochOrder.of(groups(rows), streams, new Randomness(5), 2);
    int from = (int) (Math.min(a, b) % (order.samples() + 1));
    int to = (int) Math.min(order.samples(), from + Math.abs(a - b));
    List<Place> expected = new ArrayList<>();
    for (int stream = 0; stream < streams; stream++) {
      for (int position = from; position < to; position++) {
        if (position % streams == stream) {
          expected.add(order.places(position, 1).get(0));
        }
      }
    }

    assertThat(order.places(from, to - from)).isEqualTo(expected);
  }

  /** What a seek has to read: the rows that come next lie there, one row group a stream. */
  @Property(seed = "1")
  void superBlockHoldsTheNextRowOfEveryStream(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 40) Integer> rows,
      @ForAll @IntRange(min = 1, max = 12) int streams,
      @ForAll @IntRange(max = 1200) int at) {
    EpochOrder order = EpochOrder.of(groups(rows), streams, new Randomness(5), 2);
    long position = at % (order.samples() + 1);
    int next = (int) Math.min(streams, order.samples() - position);

    Set<RowGroup> expected = new HashSet<>();
    order.places(position, next).forEach(place -> expected.add(place.rowGroup()));

    assertThat(order.superBlock(position)).isEqualTo(expected);
    assertThat(expected).hasSizeLessThanOrEqualTo(streams);
  }

  @Test
  void emptySplitHasAnEmptyOrder() {
    EpochOrder order = EpochOrder.of(List.of(), 16, new Randomness(1), 0);

    assertThat(order.samples()).isZero();
    assertThat(order.places(0, 0)).isEmpty();
    assertThat(order.superBlock(0)).isEmpty();
  }

  @Test
  void sameSeedAndEpochGiveTheSameOrder() {
    assertThat(canonical(order(1, 3))).isEqualTo(canonical(order(1, 3)));
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    assertThat(canonical(order(2, 3))).isNotEqualTo(canonical(order(1, 3)));
  }

  @Test
  void anotherEpochGivesAnotherOrder() {
    assertThat(canonical(order(1, 4))).isNotEqualTo(canonical(order(1, 3)));
  }

  /** Rows of several row groups are mixed; without that, row groups would train together. */
  @Test
  void everyBatchIsOfAsManyRowGroupsAsThereAreStreams() {
    EpochOrder order = order(1, 0);

    for (int from = 0; from + 20 <= order.samples(); from += 20) {
      long groups = order.places(from, 20).stream().map(Place::rowGroup).distinct().count();
      assertThat(groups).isBetween(3L, 8L);
    }
  }

  /** A row group's rows, unshuffled, would come in the same order in every epoch. */
  @Test
  void rowsOfARowGroupAreShuffled() {
    EpochOrder order = EpochOrder.of(groups(List.of(100)), 1, new Randomness(1), 0);
    List<Integer> rows = order.places(0, 100).stream().map(Place::row).toList();

    assertThat(rows).isNotEqualTo(rows.stream().sorted().toList());
    assertThat(rows).doesNotHaveDuplicates();
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

  private static List<Place> canonical(EpochOrder order) {
    List<Place> places = new ArrayList<>();
    for (long position = 0; position < order.samples(); position++) {
      places.addAll(order.places(position, 1));
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
