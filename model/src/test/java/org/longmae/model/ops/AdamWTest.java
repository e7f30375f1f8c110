package org.longmae.model.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.model.aten.AtenApart;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;

@SuppressWarnings("try") // A scope acts by closing.
class AdamWTest {
  private static final int LENGTH = 11;

  static Stream<Ops> backends() {
    return Stream.of(
        new AtenOps(Precision.DOUBLE, 1),
        AtenApart.open(Precision.DOUBLE, 1),
        new Nd4jOps(Precision.DOUBLE, 1));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void stepsFollowTheFormula(Ops backend) {
    SplittableRandom random = new SplittableRandom(1);
    double[] weights = random.doubles(LENGTH, -1, 1).toArray();
    double[] first = new double[LENGTH];
    double[] second = new double[LENGTH];
    try (Ops ops = backend;
        Scope session = ops.session()) {
      Tensor parameters = ops.stateZeros(LENGTH);
      Tensor m = ops.stateZeros(LENGTH);
      Tensor v = ops.stateZeros(LENGTH);
      Tensor gradient = ops.stateZeros(LENGTH);
      ops.set(parameters, weights);
      for (int step = 1; step <= 5; step++) {
        double[] g = random.doubles(LENGTH, -1, 1).toArray();
        g[3] = 0;
        ops.set(gradient, g);
        // Elements outside [2, 9) must not move.
        AdamW settings = new AdamW(0.1, 0.9, 0.95, 1e-3, 0.05, step);
        ops.adamW(settings, 2, 9, parameters, m, v, gradient, parameters);
        for (int i = 2; i < 9; i++) {
          first[i] = 0.9 * first[i] + 0.1 * g[i];
          second[i] = 0.95 * second[i] + 0.05 * g[i] * g[i];
          double mean = first[i] / (1 - Math.pow(0.9, step));
          double root = Math.sqrt(second[i] / (1 - Math.pow(0.95, step)));
          weights[i] = weights[i] * (1 - 0.1 * 0.05) - 0.1 * mean / (root + 1e-3);
        }
        assertThat(ops.downloadDoubles(gradient)).isEqualTo(g);
      }
      assertThat(ops.downloadDoubles(parameters)).containsExactly(weights, within(1e-12));
      assertThat(ops.downloadDoubles(m)).containsExactly(first, within(1e-12));
      assertThat(ops.downloadDoubles(v)).containsExactly(second, within(1e-12));
    }
  }

  // In place, a second call on the same gradient (the undecayed part's neighbour) would see it
  // scaled twice.
  @ParameterizedTest
  @MethodSource("backends")
  void theGradientIsReadScaledAndLeftAsItIs(Ops backend) {
    SplittableRandom random = new SplittableRandom(1);
    double[] weights = random.doubles(LENGTH, -1, 1).toArray();
    double[] g = random.doubles(LENGTH, -1, 1).toArray();
    double[] scaled = Arrays.stream(g).map(x -> 0.25 * x).toArray();
    try (Ops ops = backend;
        Scope session = ops.session()) {
      double[][] results = new double[2][];
      for (int run = 0; run < 2; run++) {
        Tensor parameters = ops.stateZeros(LENGTH);
        Tensor m = ops.stateZeros(LENGTH);
        Tensor v = ops.stateZeros(LENGTH);
        Tensor gradient = ops.stateZeros(LENGTH);
        ops.set(parameters, weights);
        ops.set(gradient, run == 0 ? g : scaled);
        AdamW settings = new AdamW(0.1, 0.9, 0.95, 1e-1, 0.05, 1, run == 0 ? 0.25 : 1);
        ops.adamW(settings, 0, LENGTH, parameters, m, v, gradient, parameters);
        results[run] = ops.downloadDoubles(parameters);
        assertThat(ops.downloadDoubles(gradient)).isEqualTo(run == 0 ? g : scaled);
      }
      assertThat(results[0]).containsExactly(results[1], within(1e-15));
    }
  }

  @Test
  void stepsCountFromOne() {
    // At step 0 the bias correction divides by zero.
    assertThatThrownBy(() -> new AdamW(1, 0.9, 0.95, 1e-8, 0, 0)).hasMessageContaining("was 0");
  }
}
