package org.longmae.model.ops;

import java.util.Arrays;

/** Checks of shapes on entry, with a message that names the axes. */
public final class Shapes {
  private Shapes() {}

  /** Product of the axes' lengths. */
  public static long length(long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    return length;
  }

  /**
   * Requires a shape.
   *
   * @param name of the tensor, in the message
   * @param axes one letter an axis, in the message
   * @throws IllegalArgumentException such as {@code x must have shape [R=4, D=64] but was [4, 49]}
   */
  public static void require(String name, Tensor tensor, String axes, long... expected) {
    if (!Arrays.equals(tensor.shape(), expected)) {
      StringBuilder wanted = new StringBuilder();
      for (int axis = 0; axis < expected.length; axis++) {
        wanted.append(axis == 0 ? "" : ", ").append(axes.charAt(axis)).append('=');
        wanted.append(expected[axis]);
      }
      throw new IllegalArgumentException(
          String.format(
              "%s must have shape [%s] but was %s", name, wanted, Arrays.toString(tensor.shape())));
    }
  }
}
