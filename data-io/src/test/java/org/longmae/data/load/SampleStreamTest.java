package org.longmae.data.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.longmae.conf.Randomness;
import org.longmae.data.load.EpochOrder.Place;
import org.longmae.data.load.EpochOrder.RowGroup;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.source.PictureAnnotations;

/** On row groups without pictures, whose reads are counted. */
class SampleStreamTest {
  private static final Randomness RANDOMNESS = new Randomness(3);

  /**
   * Resuming and the number of workers must change no epoch: from any step on, across the end of an
   * epoch, the workers' slices of each step are the rows at its positions, none twice, none
   * missing.
   */
  @Property(seed = "1")
  void unionOfTheWorkersIsTheCanonicalOrder(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> rows,
      @ForAll @IntRange(min = 1, max = 9) int streams,
      @ForAll @IntRange(min = 1, max = 6) int workers,
      @ForAll @IntRange(min = 1, max = 70) int batch,
      @ForAll @IntRange(max = 60) int step)
      throws InterruptedException {
    List<RowGroup> groups = groups(rows);
    int steps = samples(groups) / batch;
    Assume.that(steps >= 1 && workers <= batch);
    int first = step % (2 * steps + 1);
    int count = Math.min(5, 2 * steps + 2 - first);

    List<List<Long>> union = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      union.add(new ArrayList<>());
    }
    for (int worker = 0; worker < workers; worker++) {
      BatchSlice slice = BatchSlice.of(worker, workers, batch);
      try (SampleStream stream = open(new Counted(groups), groups, streams, slice, first)) {
        for (int i = 0; i < count; i++) {
          SampleStream.Samples samples = stream.next();
          assertThat(samples.epoch()).isEqualTo((first + i) / steps);
          assertThat(samples.rows()).hasSize(slice.size());
          addIds(samples, union.get(i));
        }
      }
    }

    for (int i = 0; i < count; i++) {
      EpochOrder order = EpochOrder.of(groups, streams, RANDOMNESS, (first + i) / steps);
      List<Long> expected =
          order.places((long) (first + i) % steps * batch, batch).stream()
              .map(place -> id(groups, place))
              .toList();
      assertThat(union.get(i)).isEqualTo(expected);
    }
  }

  /** A whole epoch, whatever W: every row once, but for those of the incomplete last batch. */
  @Property(seed = "1")
  void epochHasEveryRowOnce(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> rows,
      @ForAll @IntRange(min = 1, max = 9) int streams,
      @ForAll @IntRange(min = 1, max = 4) int workers,
      @ForAll @IntRange(min = 4, max = 40) int batch)
      throws InterruptedException {
    List<RowGroup> groups = groups(rows);
    int steps = samples(groups) / batch;
    Assume.that(steps >= 1);

    List<Long> seen = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      BatchSlice slice = BatchSlice.of(worker, workers, batch);
      try (SampleStream stream = open(new Counted(groups), groups, streams, slice, 0)) {
        for (int i = 0; i < steps; i++) {
          addIds(stream.next(), seen);
        }
      }
    }

    assertThat(seen).hasSize(steps * batch).doesNotHaveDuplicates();
    assertThat(seen).allMatch(id -> id >= 0 && id < samples(groups));
  }

  /**
   * Going on in an epoch reads the row group that each stream is at, and what a run without a break
   * would read next; to the end of the epoch, a row group twice only where two streams meet.
   */
  @Property(seed = "1")
  void seekReadsAtMostOneStartedRowGroupAStream(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> rows,
      @ForAll @IntRange(min = 1, max = 9) int streams,
      @ForAll @IntRange(min = 1, max = 70) int batch,
      @ForAll @IntRange(max = 600) int at)
      throws InterruptedException {
    List<RowGroup> groups = groups(rows);
    int steps = samples(groups) / batch;
    Assume.that(steps >= 1 + SampleStream.AHEAD);
    int step = at % (steps - SampleStream.AHEAD);
    EpochOrder order = EpochOrder.of(groups, streams, RANDOMNESS, 0);
    Set<RowGroup> started = order.superBlock((long) step * batch);
    Set<RowGroup> inSight = new HashSet<>();
    order
        .places((long) step * batch, (1 + SampleStream.AHEAD) * batch)
        .forEach(place -> inSight.add(place.rowGroup()));
    Counted reader = new Counted(groups);

    try (SampleStream stream = open(reader, groups, streams, BatchSlice.of(0, 1, batch), step)) {
      stream.next();
      assertThat(stream.requested()).isEqualTo(inSight.size());
      for (int i = step + 1; i < steps - SampleStream.AHEAD; i++) {
        stream.next();
      }
    }

    assertThat(started).hasSizeLessThanOrEqualTo(streams);
    assertThat(reader.reads.size() - new HashSet<>(reader.reads).size()).isLessThan(streams);
  }

  /** Workers that take whole streams read nothing of each other's. */
  @Test
  void workersShareTheReading() throws InterruptedException {
    List<RowGroup> groups = groups(Collections.nCopies(64, 100));
    Set<RowGroup> all = new HashSet<>();
    int reads = 0;
    for (int worker = 0; worker < 4; worker++) {
      Counted reader = new Counted(groups);
      try (SampleStream stream = open(reader, groups, 16, BatchSlice.of(worker, 4, 64), 0)) {
        for (int i = 0; i < 100 - SampleStream.AHEAD; i++) {
          stream.next();
        }
      }
      reads += reader.reads.size();
      all.addAll(reader.reads);
    }

    assertThat(all).hasSize(64);
    assertThat(reads).isEqualTo(64);
  }

  /** Stored pictures are the bulk of a loader's memory; a leak would show on a large set only. */
  @Test
  void memoryHoldsOneRowGroupAStreamAndWhatIsInSight() throws InterruptedException {
    List<RowGroup> groups = groups(Collections.nCopies(200, 100));
    try (SampleStream stream = open(new Counted(groups), groups, 16, BatchSlice.of(0, 1, 64), 0)) {
      for (int i = 0; i < 312 * 3; i++) {
        stream.next();
        assertThat(stream.held()).isBetween(16, 32 + 1);
      }
    }
  }

  private static SampleStream open(
      SampleStream.Reader reader, List<RowGroup> groups, int streams, BatchSlice slice, int step) {
    return new SampleStream(reader, groups, streams, RANDOMNESS, slice, step);
  }

  private static void addIds(SampleStream.Samples samples, List<Long> ids) {
    samples.rows().forEach(row -> ids.add(row.id()));
  }

  private static List<RowGroup> groups(List<Integer> rows) {
    List<RowGroup> groups = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      groups.add(new RowGroup("train-" + i / 3, i % 3, rows.get(i)));
    }
    return groups;
  }

  private static int samples(List<RowGroup> groups) {
    return groups.stream().mapToInt(RowGroup::rows).sum();
  }

  private static long id(List<RowGroup> groups, Place place) {
    int before = samples(groups.subList(0, groups.indexOf(place.rowGroup())));
    return before + place.row();
  }

  /** Makes rows whose ids count through the row groups. */
  private static final class Counted implements SampleStream.Reader {
    private final List<RowGroup> groups;
    private final List<RowGroup> reads = Collections.synchronizedList(new ArrayList<>());

    Counted(List<RowGroup> groups) {
      this.groups = groups;
    }

    @Override
    public List<ShardRow> read(RowGroup group) {
      reads.add(group);
      List<ShardRow> rows = new ArrayList<>();
      for (int row = 0; row < group.rows(); row++) {
        long id = id(groups, new Place(group, row));
        rows.add(new ShardRow(id, new byte[0], "", 0, 1, 1, "", PictureAnnotations.NONE));
      }
      return rows;
    }
  }
}
