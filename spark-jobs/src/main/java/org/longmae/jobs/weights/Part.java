package org.longmae.jobs.weights;

import java.util.Arrays;
import org.longmae.model.ParameterLayout;

/**
 * A tensor of somebody else's: consecutive elements of one parameter, under another name.
 *
 * @param name as the other one has it
 * @param shape slowest axis first
 * @param parameter that it is part of
 * @param offset of its first element in the parameter
 */
record Part(String name, long[] shape, String parameter, long offset) {
  Part {
    shape = shape.clone();
  }

  /** A parameter, whole. */
  static Part whole(String name, ParameterLayout.Entry parameter) {
    return new Part(name, parameter.shape(), parameter.name(), 0);
  }

  /** A copy of the shape. */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  long length() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }
}
