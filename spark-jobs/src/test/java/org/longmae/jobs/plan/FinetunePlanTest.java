package org.longmae.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.model.CostModel;
import org.longmae.model.MaeSpec;

class FinetunePlanTest {
  private static final Rate RATE = new Rate(100, "given");

  private static RunConfig run(String... settings) {
    ConfigLoader loader = new ConfigLoader().preset("tiny");
    for (String setting : settings) {
      loader.set(setting);
    }
    return loader.set("finetune.batch=30").set("finetune.epochs=7").run();
  }

  private static FinetunePlan plan(RunConfig... runs) {
    TrainingSet set = TrainingSet.of(1000);
    List<PointPlan> plans = new ArrayList<>();
    for (RunConfig run : runs) {
      MemoryFit fit = MemoryFit.of(run, set, Long.MAX_VALUE);
      plans.add(PointPlan.of(run, set, fit, RATE, new PlanSettings(2, 1, OptionalDouble.empty())));
    }
    List<TrainingSet> sets = java.util.Collections.nCopies(runs.length, set);
    return FinetunePlan.of(List.of(runs), plans, sets).orElse(null);
  }

  // 33 batches of 30 an epoch; of two seeds each has a training from scratch of its own.
  @Test
  void itTakesThreeForwardsOfTheWholeEncoderAtTheTransferLength() {
    String[] transfer = {"evaluate.finetune=true", "evaluate.patch-size=4"};
    RunConfig run = run(transfer);
    CostModel longer = CostModel.of(MaeSpec.of(run("model.patch-size=4")));
    double one = 7 * 33 * 30 * 3.0 * longer.featureFlops() / 200e9 / 3600;

    FinetunePlan plan = plan(run, run("mask.ratio=0.5", transfer[0], transfer[1]));
    assertThat(plan.points()).isEqualTo(2);
    assertThat(plan.fromScratch()).isEqualTo(1);
    assertThat(plan.hours()).isCloseTo(3 * one, within(1e-12));

    plan = plan(run, run("seed=1", transfer[0], transfer[1]));
    assertThat(plan.fromScratch()).isEqualTo(2);
    assertThat(plan.hours()).isCloseTo(4 * one, within(1e-12));
  }

  @Test
  void onlyWhatIsFineTunedIsPlanned() {
    assertThat(plan(run())).isNull();
    assertThat(plan(run(), run("evaluate.finetune=true")).points()).isEqualTo(1);
  }
}
