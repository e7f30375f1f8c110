package org.longmae.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Shapes;
import org.longmae.model.ops.Tensor;

/**
 * Compares a hand-written backward with central differences, in double.
 *
 * <p>The output is projected on a fixed random tensor to get a scalar; every element of every
 * variable is moved by ±h. With h = 1e-5 the differences are good to about 1e-9, so 1e-6 leaves no
 * room for a wrong term.
 */
@SuppressWarnings("try") // A scope acts by closing.
final class Checked {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;

  /** A tensor, and where backward is to put its gradient. */
  record Variable(String name, Tensor value, Tensor gradient) {}

  private final Ops ops;
  private final SplittableRandom random = new SplittableRandom(7);
  private final List<Variable> variables = new ArrayList<>();

  Checked(Ops ops) {
    this.ops = ops;
  }

  /** Random values around {@code centre}. */
  double[] values(double centre, long... shape) {
    double[] values = new double[(int) Shapes.length(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = centre + random.nextGaussian();
    }
    return values;
  }

  /** A new random tensor. */
  Tensor tensor(double centre, long... shape) {
    Tensor tensor = ops.stateZeros(shape);
    ops.set(tensor, values(centre, shape));
    return tensor;
  }

  /** A new random tensor whose gradient will be checked. */
  Tensor variable(String name, double centre, Tensor gradient, long... shape) {
    Tensor tensor = tensor(centre, shape);
    variables.add(new Variable(name, tensor, gradient));
    return tensor;
  }

  /** A new random input of a layer; {@link #checkLayer} sets its gradient. */
  Variable input(double centre, long... shape) {
    Tensor gradient = ops.stateZeros(shape);
    return new Variable("x", variable("x", centre, gradient, shape), gradient);
  }

  Linear.Params linear(String name, Linear.Params gradient, long in, long out) {
    return new Linear.Params(
        variable(name + ".weight", 0, gradient.weight_OI(), out, in),
        variable(name + ".bias", 0, gradient.bias_O(), out));
  }

  Linear.Params linearGradient(long in, long out) {
    return new Linear.Params(ops.stateZeros(out, in), ops.stateZeros(out));
  }

  LayerNorm.Params norm(String name, LayerNorm.Params gradient, long width) {
    return new LayerNorm.Params(
        variable(name + ".scale", 1, gradient.scale_D(), width),
        variable(name + ".shift", 0, gradient.shift_D(), width));
  }

  LayerNorm.Params normGradient(long width) {
    return new LayerNorm.Params(ops.stateZeros(width), ops.stateZeros(width));
  }

  /**
   * Checks a layer's input and weights.
   *
   * @param backward returns the input's gradient and sets those of the weights
   */
  <S> void checkLayer(
      Variable x, Supplier<Forward<S>> forward, BiFunction<Tensor, S, Tensor> backward) {
    check(
        () -> forward.get().y(),
        dY -> ops.cast(backward.apply(dY, forward.get().saved()), x.gradient()));
  }

  /**
   * Checks all variables.
   *
   * @param forward computes the output from the variables
   * @param backward sets all gradients, given that of the output
   */
  void check(Supplier<Tensor> forward, Consumer<Tensor> backward) {
    double[] projection;
    try (Scope session = ops.session()) {
      Tensor y = forward.get();
      projection = values(0, y.shape());
      Tensor dY = ops.stateZeros(y.shape());
      ops.set(dY, projection);
      backward.accept(dY);
    }
    for (Variable variable : variables) {
      check(variable, forward, projection);
    }
  }

  private void check(Variable variable, Supplier<Tensor> forward, double[] projection) {
    double[] gradient;
    double[] values;
    try (Scope session = ops.session()) {
      gradient = ops.downloadDoubles(variable.gradient());
      values = ops.downloadDoubles(variable.value());
    }
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = projected(variable, values, forward, projection);
      values[i] = value - STEP;
      double below = projected(variable, values, forward, projection);
      values[i] = value;
      double numeric = (above - below) / (2 * STEP);
      double scale = Math.max(1, Math.max(Math.abs(numeric), Math.abs(gradient[i])));
      assertThat(Math.abs(numeric - gradient[i]) / scale)
          .as("%s[%s]: backward %s, differences %s", variable.name(), i, gradient[i], numeric)
          .isLessThan(TOLERANCE);
    }
    projected(variable, values, forward, projection);
  }

  private double projected(
      Variable variable, double[] values, Supplier<Tensor> forward, double[] projection) {
    try (Scope session = ops.session()) {
      ops.set(variable.value(), values);
      double[] y = ops.downloadDoubles(forward.get());
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        sum += y[i] * projection[i];
      }
      return sum;
    }
  }
}
