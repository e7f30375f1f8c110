package org.longmae.model;

import java.util.random.RandomGenerator;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * A model's weights on a backend: one flat vector in full precision, and its copy in the compute
 * type, made again when the vector was written. Both live as long as the backend.
 */
final class WeightVector {
  private final Ops ops;
  private final ParameterLayout layout;
  private final Tensor parameters;
  private final Tensor working;

  /** Whether weights were written and the working copy is old. */
  private boolean stale;

  /** Zeros. */
  WeightVector(Ops ops, ParameterLayout layout) {
    this.ops = ops;
    this.layout = layout;
    parameters = ops.stateZeros(layout.size());
    working = ops.oneType() ? parameters : ops.computeZeros(layout.size());
  }

  ParameterLayout layout() {
    return layout;
  }

  /** The weights in full precision. */
  Tensor parameters() {
    return parameters;
  }

  /** The weights in the compute type. */
  Tensor working() {
    return working;
  }

  /** Draws initial weights. */
  void initialize(RandomGenerator random) {
    for (ParameterLayout.Entry entry : layout.entries()) {
      ops.write(parameters, entry.offset(), Initialization.draw(layout, entry, random));
    }
    changed();
  }

  /** Copies {@code from} over elements [offset, offset + from.length). */
  void write(long offset, float[] from) {
    requireInside(offset, from.length);
    ops.write(parameters, offset, from);
    changed();
  }

  /** Says that the parameters were written. */
  void changed() {
    stale = true;
  }

  /** Brings the working copy up to date. */
  void refresh() {
    if (stale && !ops.oneType()) {
      ops.cast(parameters, working);
    }
    stale = false;
  }

  void requireInside(long offset, int length) {
    if (offset < 0 || offset + length > layout.size()) {
      throw new IllegalArgumentException(
          String.format(
              "range must lie in [0, %s) but was [%s, %s)",
              layout.size(), offset, offset + length));
    }
  }
}
