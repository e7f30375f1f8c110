package org.longmae.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.longmae.conf.DataConfig;
import org.longmae.conf.Randomness;
import org.longmae.data.TestShards;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceListing;

class ShardPlanTest {
  private static final int MIB = 1 << 20;

  @Test
  void everyPictureIsPlannedOnceWithItsPositionAsId() {
    List<PlannedPicture> pictures = pictures(plan(1003, 1000, 0.1, 1));

    assertThat(pictures)
        .extracting(PlannedPicture::id)
        .containsExactlyElementsOf(LongStream.range(0, 1003).boxed().toList());
    assertThat(pictures)
        .extracting(picture -> picture.entry().name())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 1003).mapToObj(Integer::toString).toList());
  }

  @Test
  void validationIsTheRoundedShare() {
    List<ShardPlan> plans = plan(1003, 1000, 0.1, 1);
    List<ShardPlan> validation =
        plans.stream().filter(p -> p.split().equals("validation")).toList();

    assertThat(pictures(validation)).hasSize(100).extracting(PlannedPicture::id).contains(0L, 99L);
    assertThat(validation)
        .extracting(ShardPlan::file)
        .startsWith("validation-00000-of-00004.parquet")
        .endsWith("validation-00003-of-00004.parquet");
    assertThat(plans.get(4).file()).isEqualTo("train-00000-of-00004.parquet");
  }

  @Test
  void filesAreAboutAsLargeAsConfigured() {
    List<ShardPlan> plans = plan(600, MIB / 2, 0, 1);

    assertThat(plans).hasSize(30).allSatisfy(p -> assertThat(p.pictures()).hasSize(20));
  }

  @Test
  void sameSeedGivesTheSamePlanAndAnotherSeedAnother() {
    assertThat(plan(500, 10, 0.1, 1)).isEqualTo(plan(500, 10, 0.1, 1));
    assertThat(plan(500, 10, 0.1, 2)).isNotEqualTo(plan(500, 10, 0.1, 1));
  }

  @Test
  void smallSourceIsAHandfulOfFilesAndATinyOneIsOne() {
    assertThat(plan(80, 10, 0, 1)).hasSize(4);
    assertThat(plan(1, 10, 0, 1)).hasSize(1);
    assertThat(plan(0, 10, 0, 1)).isEmpty();
  }

  private static List<ShardPlan> plan(int pictures, int bytes, double heldOut, long seed) {
    List<SourceEntry> entries =
        IntStream.range(0, pictures)
            .mapToObj(i -> new SourceEntry("file:/" + i, "" + i, bytes, -1))
            .toList();
    DataConfig config = TestShards.data("data.held-out=" + heldOut, "data.shard-mib=10");
    return ShardPlan.of(new SourceListing(entries, List.of()), config, new Randomness(seed), 1);
  }

  private static List<PlannedPicture> pictures(List<ShardPlan> plans) {
    return plans.stream().flatMap(plan -> plan.pictures().stream()).toList();
  }
}
