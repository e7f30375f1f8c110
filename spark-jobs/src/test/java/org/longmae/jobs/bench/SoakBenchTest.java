package org.longmae.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.longmae.jobs.TestRuns;

class SoakBenchTest {
  // The last value alone would call a page that comes and goes a leak.
  @Test
  void growthIsTheSlopeOfAllPoints() {
    double[] x = {0, 1, 2, 3, 4};
    assertThat(SoakBench.slope(x, new double[] {7, 9, 11, 13, 15})).isCloseTo(2, within(1e-12));
    assertThat(SoakBench.slope(x, new double[] {5, 5, 8, 5, 5})).isCloseTo(0, within(1e-12));
  }

  @Test
  void trainingKeepsNoNativeObject() {
    SoakBenchResult result = new SoakBench(TestRuns.tinyRun("unused"), 60, 1).run();
    assertThat(result.steps()).isEqualTo(60);
    assertThat(result.warmBytes()).isPositive();
    assertThat(result.endBytes()).isPositive();
    // Of 48 steps after warm-up; the collector may free what other tests have left.
    assertThat(result.endObjects()).isLessThan(result.warmObjects() + 40);
  }
}
