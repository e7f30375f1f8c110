package org.longmae.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.model.MaeSpec;
import org.longmae.model.StepCost;
import org.longmae.model.StepShape;

class PointPlanTest {
  private static final RunConfig RUN =
      new ConfigLoader()
          .preset("tiny")
          .set("train.batch=32")
          .set("train.epochs=10")
          .set("train.local-steps=60")
          .run();
  private static final long FLOPS = StepCost.of(MaeSpec.of(RUN), StepShape.of(RUN)).flops();
  private static final Rate RATE = new Rate(100, "given");

  private static PointPlan plan(int pictures, int workers, OptionalDouble price) {
    TrainingSet set = TrainingSet.of(pictures);
    MemoryFit fit = MemoryFit.of(RUN, set, Long.MAX_VALUE);
    return PointPlan.of(RUN, set, fit, RATE, new PlanSettings(workers, 1, price));
  }

  // 1000 pictures are 31 steps of 32, so 310 steps; 6 rounds of at most 60.
  @Test
  void oneWorkerTakesWholeBatchesAndExchangesNothing() {
    PointPlan plan = plan(1000, 1, OptionalDouble.empty());
    assertThat(plan.images()).isEqualTo(310 * 32);
    assertThat(plan.rounds()).isEqualTo(6);
    assertThat(plan.exchangedBytes()).isZero();
    assertThat(plan.flops()).isEqualTo((double) FLOPS * 310 * 32);
    assertThat(plan.imagesPerSecond()).isCloseTo(100e9 / FLOPS, within(1e-9));
    assertThat(plan.hours()).isCloseTo(310 * 32 * FLOPS / 100e9 / 3600, within(1e-12));
    assertThat(plan.money()).isEmpty();
  }

  // The steps are those of one worker; each worker takes its share of them.
  @Test
  void workersShareTheWorkAndTheBill() {
    PointPlan plan = plan(1000, 3, OptionalDouble.of(2));
    assertThat(plan.images()).isEqualTo(310 * 32);
    assertThat(plan.rounds()).isEqualTo(6);
    assertThat(plan.roundBytes()).isEqualTo(2 * 3 * 12 * plan.cost().parameters());
    assertThat(plan.imagesPerSecond()).isCloseTo(300e9 / FLOPS, within(1e-9));
    assertThat(plan.workerHours()).isEqualTo(3 * plan.hours());
    assertThat(plan.money().getAsDouble()).isEqualTo(2 * plan.workerHours());
  }

  @Test
  void fewerPicturesThanAStepTakesAreRefused() {
    assertThatThrownBy(() -> plan(31, 3, OptionalDouble.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.batch must be at most")
        .hasMessageContaining("(31) but was 32");
  }
}
