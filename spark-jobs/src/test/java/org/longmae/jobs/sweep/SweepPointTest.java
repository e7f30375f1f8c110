package org.longmae.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.model.CostModel;
import org.longmae.model.MaeSpec;

class SweepPointTest {
  private static ConfigLoader loader(String points, String... settings) {
    ConfigLoader loader = new ConfigLoader().preset("tiny").set("sweep.points=" + points);
    for (String setting : settings) {
      loader.set(setting);
    }
    return loader;
  }

  private static List<String> names(String points) {
    return SweepPoint.of(loader(points).sweep()).stream().map(SweepPoint::name).toList();
  }

  // Folders of before keep their names; what shares a length is told apart by what differs.
  @Test
  void pointsAreNamedByWhatDiffers() {
    assertThat(names("[{image.size=64},{image.size=128,mask.unit=2}]"))
        .containsExactly("L64-I64-p8-m1", "L256-I128-p8-m2");
    assertThat(names("[{seed=1},{seed=2,data.shards=\"hdfs://a/b c\"},{image.size=128}]"))
        .containsExactly(
            "L64-I64-p8-m1-shards-seed1", "L64-I64-p8-m1-shardsb_c-seed2", "L256-I128-p8-m1");
    // Seeds of one setting keep one name, whichever of them are fine-tuned.
    assertThat(names("[{seed=1,evaluate.finetune=true},{seed=2}]"))
        .containsExactly("L64-I64-p8-m1-seed1", "L64-I64-p8-m1-seed2");
    assertThat(names("[{seed=1},{seed=1}]")).containsExactly("L64-I64-p8-m1", "L64-I64-p8-m1-2");
  }

  @Test
  void equalArithmeticGivesLongSequencesFewerEpochs() {
    List<SweepPoint> points =
        SweepPoint.of(
            loader(
                    "[{image.size=64},{image.size=128}]",
                    "train.epochs=100",
                    "optim.warmup-epochs=10",
                    "sweep.budget=flops")
                .sweep());
    RunConfig shorter = points.get(0).config();
    RunConfig longer = points.get(1).config();
    assertThat(shorter.train().epochs()).isEqualTo(100);
    assertThat(flops(longer) / flops(shorter)).isCloseTo(1, within(0.03));
    assertThat(longer.train().epochs()).isBetween(15, 25);
    assertThat(longer.optim().warmupEpochs())
        .isCloseTo(longer.train().epochs() / 10.0, within(1e-9));
  }

  @Test
  void aBudgetOfLessThanAnEpochIsRefused() {
    ConfigLoader loader =
        loader("[{image.size=64},{image.size=256}]", "train.epochs=2", "sweep.budget=flops");
    assertThatThrownBy(() -> SweepPoint.of(loader.sweep()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must leave every point an epoch but leaves L = 1024");
  }

  private static double flops(RunConfig config) {
    return (double) CostModel.of(MaeSpec.of(config)).stepFlops() * config.train().epochs();
  }
}
