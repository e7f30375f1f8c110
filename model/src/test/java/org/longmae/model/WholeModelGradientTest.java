package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.model.aten.AtenApart;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

/**
 * The gradient of the whole model with respect to every parameter against central differences of
 * its loss, in double.
 *
 * <p>Each tensor is moved along a random direction of signs, where an error in any element shows;
 * if one does, the elements are tried one by one for the worst. Errors are compared with the length
 * of the tensor's gradient, not with 1: most gradients are small. Steps and weights are multiples
 * of 2⁻¹⁸ and so exact in floats; the truncation of such a step is about 1e-8 of the gradient, the
 * rounding of the loss as much.
 */
class WholeModelGradientTest {
  private static final int IMAGES = 2;
  private static final double STEP = EngineWeights.QUANTUM;
  private static final double TOLERANCE = 1e-6;

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (TestBackend backend : List.of(TestBackend.ATEN_DOUBLE, TestBackend.ND4J_DOUBLE)) {
      MaeCase.units(3, true).forEach(one -> cases.add(Arguments.of(backend, one)));
      cases.add(Arguments.of(backend, new MaeCase(1, new Grid(3, 5), 2, 2, false)));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientOfEveryParameterMatchesCentralDifferences(TestBackend backend, MaeCase one) {
    // ND4J takes thirty times as long for such small arrays; one block each has all the layers.
    MaeSpec spec = one.spec(backend == TestBackend.ND4J_DOUBLE ? 1 : 2);
    requireMatches(spec, backend.open(), one.images(IMAGES), one.shuffles(IMAGES));
  }

  // A step that is reached as a GPU's is queues the same work in another order.
  @Test
  void soDoesTheGradientOnADeviceThatIsApart() {
    MaeSpec spec = Models.UNEQUAL;
    requireMatches(
        spec,
        AtenApart.open(Precision.DOUBLE, 1),
        Models.images(spec, IMAGES, 1),
        Models.shuffles(spec, IMAGES, 2));
  }

  /** Requires it of a model in double; closes {@code ops}. */
  static void requireMatches(MaeSpec spec, Ops ops, float[] images, int[] shuffles) {
    SplittableRandom random = new SplittableRandom(3);
    try (MaeEngine engine = EngineWeights.engine(spec, ops)) {
      Loss loss = new Loss(engine, images, shuffles);
      double[] gradient = loss.gradient();
      for (ParameterLayout.Entry entry : engine.layout().entries()) {
        int from = (int) entry.offset();
        check(entry, Arrays.copyOfRange(gradient, from, from + (int) entry.length()), loss, random);
      }
    }
  }

  private static void check(
      ParameterLayout.Entry entry, double[] gradient, Loss loss, SplittableRandom random) {
    int[] signs = new int[gradient.length];
    double slope = 0;
    double squares = 0;
    for (int i = 0; i < signs.length; i++) {
      signs[i] = random.nextBoolean() ? 1 : -1;
      slope += signs[i] * gradient[i];
      squares += gradient[i] * gradient[i];
    }
    double length = Math.sqrt(squares);
    assertThat(length).as("gradient of %s", entry.name()).isGreaterThan(1e-4);
    double numeric = loss.slope(entry, signs);
    if (!(Math.abs(slope - numeric) < TOLERANCE * length)) {
      fail(
          "along a direction of %s: backward %s, differences %s; %s",
          entry.name(), slope, numeric, worstElement(entry, gradient, loss));
    }
  }

  private static String worstElement(ParameterLayout.Entry entry, double[] gradient, Loss loss) {
    double worst = -1;
    String description = "";
    for (int i = 0; i < gradient.length; i++) {
      int[] one = new int[gradient.length];
      one[i] = 1;
      double numeric = loss.slope(entry, one);
      if (!(Math.abs(gradient[i] - numeric) <= worst)) {
        worst = Math.abs(gradient[i] - numeric);
        description =
            String.format(
                "%s[%s]: backward %s, differences %s", entry.name(), i, gradient[i], numeric);
      }
    }
    return description;
  }

  /** The loss of a batch as a function of an engine's weights. */
  private record Loss(MaeEngine engine, float[] images, int[] shuffles) {
    double[] gradient() {
      return engine.gradient(images, shuffles).gradient();
    }

    /** The central difference along a direction of −1, 0 and 1 within one tensor. */
    double slope(ParameterLayout.Entry entry, int[] direction) {
      float[] weights = new float[direction.length];
      engine.read(StateVector.PARAMETERS, entry.offset(), weights);
      double above = at(entry, weights, direction, STEP);
      double below = at(entry, weights, direction, -STEP);
      engine.write(StateVector.PARAMETERS, entry.offset(), weights);
      return (above - below) / (2 * STEP);
    }

    private double at(ParameterLayout.Entry entry, float[] weights, int[] direction, double step) {
      float[] moved = weights.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += (float) (direction[i] * step);
      }
      engine.write(StateVector.PARAMETERS, entry.offset(), moved);
      return engine.gradient(images, shuffles).loss();
    }
  }
}
