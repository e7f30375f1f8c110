package org.longmae.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.longmae.jobs.TestRuns;

class SoakBenchTest {
  // The JVM takes a few megabytes once, to compile a method, and may give them back.
  @Test
  void aStepUpIsNoGrowth() {
    double[] x = {0, 1, 2, 3, 4, 5, 6};
    assertThat(SoakBench.slope(x, new double[] {5, 5, 8, 5, 5, 5, 5})).isZero();
    assertThat(SoakBench.slope(x, new double[] {5, 5, 9, 9, 9, 9, 9})).isZero();
  }

  @Test
  void aLeakIsGrowthHoweverManyPoints() {
    for (int points : new int[] {20, 500, 501, 3000}) {
      double[] x = new double[points];
      double[] y = new double[points];
      for (int i = 0; i < points; i++) {
        x[i] = i;
        y[i] = 100 + 2 * i + 10 * (i % 3);
      }
      assertThat(SoakBench.slope(x, y)).isCloseTo(2, within(0.1));
    }
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
