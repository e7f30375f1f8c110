package org.longmae.model.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        ops.adamW(settings, 2, 9, parameters, m, v, ops.slice(gradient, 2, 7), parameters);
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

  // More than one slice, and a range that begins inside the vector.
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.25})
  void aGradientOfTheComputeTypeIsReadAsItsValues(double gradientScale) {
    int length = (1 << 20) + 300;
    int from = 200;
    SplittableRandom random = new SplittableRandom(1);
    double[] weights = random.doubles(length, -1, 1).toArray();
    double[] g = random.doubles(length - from, -1, 1).toArray();
    try (Ops ops = new AtenOps(Precision.BF16, 1);
        Scope session = ops.session()) {
      Tensor narrow = ops.computeZeros(length - from);
      ops.set(narrow, g);
      Tensor wide = ops.stateZeros(length - from);
      ops.cast(narrow, wide);
      List<double[]> results = new ArrayList<>();
      for (Tensor gradient : List.of(narrow, wide)) {
        Tensor parameters = ops.stateZeros(length);
        Tensor m = ops.stateZeros(length);
        Tensor v = ops.stateZeros(length);
        Tensor working = ops.computeZeros(length);
        ops.set(parameters, weights);
        AdamW settings = new AdamW(0.1, 0.9, 0.95, 1e-8, 0.05, 1, gradientScale);
        ops.adamW(settings, from, length, parameters, m, v, gradient, working);
        results.add(ops.downloadDoubles(parameters));
      }
      assertThat(results.get(0)).isEqualTo(results.get(1));
      assertThat(results.get(0)[length - 1]).isNotEqualTo(weights[length - 1]);
    }
  }

  @Test
  void normAndSumOfTheComputeTypeLoseNothingToIt() {
    int length = (1 << 20) + 300;
    double[] x = new SplittableRandom(1).doubles(length, -1, 1).toArray();
    try (Ops ops = new AtenOps(Precision.BF16, 1);
        Scope session = ops.session()) {
      Tensor narrow = ops.computeZeros(length);
      ops.set(narrow, x);
      Tensor wide = ops.stateZeros(length);
      ops.cast(narrow, wide);
      double exact = Arrays.stream(ops.downloadDoubles(narrow)).map(each -> each * each).sum();
      // ATen adds a slice's squares up in 32 bits, one after the other; a norm in bf16 would be off
      // by up to 0.2 %.
      assertThat(ops.squaredNorm(narrow)).isCloseTo(exact, withinPercentage(0.02));
      assertThat(ops.squaredNorm(wide)).isCloseTo(exact, withinPercentage(0.02));

      // 1 + 2^-9 of bf16's eight bits is 1 again.
      Tensor sum = ops.stateZeros(length);
      ops.set(sum, DoubleStream.generate(() -> 1 << 9).limit(length).toArray());
      ops.add(sum, narrow);
      float[] values = ops.download(narrow);
      float[] sums = ops.download(sum);
      for (int i : new int[] {0, 1 << 20, length - 1}) {
        assertThat(sums[i]).isEqualTo((1 << 9) + values[i]);
      }
      ops.set(narrow, DoubleStream.generate(() -> Double.NaN).limit(length).toArray());
      assertThat(ops.squaredNorm(narrow)).isNaN();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 1324})
  void oneElementThatIsNotFiniteIsSeenWhereverItIs(int length) {
    List<Ops> backends =
        List.of(
            new AtenOps(Precision.FP32, 1),
            new AtenOps(Precision.BF16, 1),
            new Nd4jOps(Precision.FP32, 1));
    for (Ops backend : backends) {
      try (Ops ops = backend;
          Scope session = ops.session()) {
        for (Tensor flat : List.of(ops.stateZeros(length), ops.computeZeros(length))) {
          double[] values = new double[length];
          Arrays.fill(values, -1e17);
          ops.set(flat, values);
          assertThat(ops.isFinite(flat)).isTrue();
          for (int at : new int[] {0, length / 2, length - 1}) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1.0 / 0}) {
              double[] some = values.clone();
              some[at] = bad;
              ops.set(flat, some);
              assertThat(ops.isFinite(flat)).as("%s at %s", bad, at).isFalse();
              // Infinities of both signs must not cancel out.
              some[(at + length / 3) % length] = -bad;
              ops.set(flat, some);
              assertThat(ops.isFinite(flat)).as("%s at %s and its opposite", bad, at).isFalse();
            }
          }
        }
      }
    }
  }

  @Test
  void stepsCountFromOne() {
    // At step 0 the bias correction divides by zero.
    assertThatThrownBy(() -> new AdamW(1, 0.9, 0.95, 1e-8, 0, 0)).hasMessageContaining("was 0");
  }
}
