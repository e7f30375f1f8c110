package org.longmae.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.model.MemoryModel;
import org.longmae.model.StepShape;

class MemoryFitTest {
  private static final StepShape CONFIGURED = new StepShape(60, 0, Recompute.NONE);

  /** 100 fixed, 10 for sums over parts; an image takes 8, 6 or 2, by what is recomputed. */
  private static MemoryModel memory(StepShape step) {
    boolean split = step.part() < step.batch();
    int image =
        switch (step.recompute()) {
          case NONE -> 8;
          case ATTENTION -> 6;
          case BLOCK -> 2;
        };
    long activations = (long) image * step.part();
    return new MemoryModel(100, split ? 10 : 0, 0, 0, activations, 0, 0, 0, 0, 0, 0);
  }

  private static MemoryFit fit(StepShape step, long limit) {
    return MemoryFit.of(step, 1, MemoryFitTest::memory, limit);
  }

  @Test
  void whatFitsIsLeftAsItIs() {
    MemoryFit fit = fit(CONFIGURED, 580);
    assertThat(fit.step()).isEqualTo(CONFIGURED);
    assertThat(fit.change()).isEmpty();
    assertThat(fit.fits()).isTrue();
  }

  @Test
  void theLeastRecomputationThatFitsComesFirst() {
    assertThat(fit(CONFIGURED, 579).change()).isEqualTo("train.recompute=attention");
    assertThat(fit(CONFIGURED, 459).change()).isEqualTo("train.recompute=block");
    assertThat(fit(CONFIGURED, 459).memory().total()).isEqualTo(220);
    assertThat(fit(CONFIGURED, 459).configured().total()).isEqualTo(580);
  }

  // 60 in 2 parts takes 170, in 3 parts 150.
  @Test
  void thenTheBatchIsSplitIntoAsFewPartsAsDo() {
    assertThat(fit(CONFIGURED, 219).change())
        .isEqualTo("train.recompute=block train.micro-batch=30");
    assertThat(fit(CONFIGURED, 169).change())
        .isEqualTo("train.recompute=block train.micro-batch=20");
    StepShape block = CONFIGURED.with(Recompute.BLOCK);
    assertThat(fit(block, 169).change()).isEqualTo("train.micro-batch=20");
    assertThat(fit(block.inPartsOf(20), 149).change()).isEqualTo("train.micro-batch=15");
  }

  // One image in parts takes 112; whole, 5 images take 110.
  @Test
  void lastTheBatchIsMadeSmaller() {
    MemoryFit fit = fit(CONFIGURED, 111);
    assertThat(fit.step()).isEqualTo(new StepShape(5, 0, Recompute.BLOCK));
    assertThat(fit.change()).isEqualTo("train.recompute=block train.batch=5");
    assertThat(fit.fits()).isTrue();
  }

  // train.batch is that of all workers, of whom each holds a share.
  @Test
  void theSmallerBatchIsNamedForAllWorkers() {
    assertThat(MemoryFit.of(CONFIGURED, 4, MemoryFitTest::memory, 111).change())
        .isEqualTo("train.recompute=block train.batch=20");
  }

  @Test
  void whatFitsInNoWayIsSaidToBeSo() {
    MemoryFit fit = fit(CONFIGURED, 101);
    assertThat(fit.fits()).isFalse();
    assertThat(fit.step().batch()).isEqualTo(1);
    assertThat(fit(new StepShape(1, 0, Recompute.BLOCK), 101).fits()).isFalse();
  }

  // 16 streams, half of them each worker's: 8 row groups, and one and a half times that as garbage.
  @Test
  void aWorkerHoldsARowGroupOfEachOfItsStreams() {
    RunConfig run = new ConfigLoader().preset("tiny").set("train.workers=2").run();
    long none = MemoryFit.of(run, new TrainingSet(1000, 0), Long.MAX_VALUE).memory().heap();
    long some = MemoryFit.of(run, new TrainingSet(1000, 1000), Long.MAX_VALUE).memory().heap();
    assertThat(some - none).isEqualTo(20_000);
  }

  @Test
  void theRowGroupsOfASetAreThoseOfItsTrainingFiles() {
    ShardManifest manifest =
        new ShardManifest(
            1,
            null,
            null,
            List.of(),
            List.of(
                new ShardFile("a", ShardPlan.TRAIN, List.of(100, 100), 0, 5000, ""),
                new ShardFile("b", ShardPlan.TRAIN, List.of(50), 200, 1000, ""),
                new ShardFile("c", ShardPlan.VALIDATION, List.of(100), 250, 9000, "")),
            "");
    assertThat(TrainingSet.of(manifest)).isEqualTo(new TrainingSet(250, 2000));
  }
}
