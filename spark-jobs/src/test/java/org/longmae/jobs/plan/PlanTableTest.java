package org.longmae.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;

class PlanTableTest {
  private static final PlanSettings SETTINGS =
      new PlanSettings(1024, 16L << 30, OptionalDouble.of(12.5));

  private static PointPlan plan(String... settings) {
    ConfigLoader loader = new ConfigLoader().preset("vit-h").set("compute.precision=fp32");
    Stream.of(settings).forEach(loader::set);
    RunConfig run = loader.run();
    TrainingSet set = TrainingSet.of(1_000_000_000);
    MemoryFit fit = MemoryFit.of(run, set, SETTINGS.memoryBytes());
    return PointPlan.of(run, set, fit, new Rate(240, "given"), SETTINGS);
  }

  @Test
  void theLargestNumbersFitIntoAHundredColumns() {
    String table =
        PlanTable.text(
            List.of(plan(), plan("image.size=4088", "mask.unit=2"), plan("train.epochs=100000")));
    assertThat(table.lines()).hasSizeGreaterThan(5).allMatch(line -> line.length() <= 100);
    assertThat(table)
        .contains("224/14")
        .contains("4088/14")
        .contains("240 GFLOP/s a worker: given");
  }

  @Test
  void columnsStandUnderTheirHeads() {
    List<String> lines = PlanTable.text(List.of(plan())).lines().toList();
    int end = lines.get(0).indexOf("memory") + "memory".length();
    assertThat(lines.get(2).substring(0, end)).matches(".* \\d+\\.\\d [ *]");
    assertThat(lines.get(2)).startsWith(" 1 224/14        256    64   657M");
  }

  @Test
  void amountsHaveThreeDigitsAndALetter() {
    assertThat(
            Stream.of(0.0, 999.0, 1000.0, 999_499.0, 999_500.0, 1.2345e18).map(PlanTable::amount))
        .containsExactly("0", "999", "1.00k", "999k", "1.00M", "1.23E");
    assertThat(Stream.of(0.123, 9.994, 9.996, 99.94, 99.96, 123456.0).map(PlanTable::plain))
        .containsExactly("0.12", "9.99", "10.0", "99.9", "100", "123456");
  }

  @Test
  void whatDoesNotFitIsMarkedAndRefused() {
    List<PointPlan> plans = List.of(plan("train.batch=1"), plan("train.batch=64"));
    String refusal = PlanRefusal.of(plans, SETTINGS).orElseThrow();
    assertThat(refusal)
        .startsWith("point 2 (224/14) must fit into 16.0 GiB a worker but needs ")
        .contains("; with train.recompute=block ");
    assertThat(PlanTable.text(plans)).contains("* with what makes it fit");
    assertThat(PlanRefusal.of(plans.subList(0, 1), SETTINGS)).isEmpty();
  }
}
