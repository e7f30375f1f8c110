package org.longmae.model.ops;

/**
 * An array of a backend: a shape, and elements that only the {@link Ops} that made it can read.
 *
 * <p>It lives until the innermost {@link Scope} that was open when it was made closes, unless that
 * scope was told to keep it; tensors made while no scope is open live as long as their {@link Ops}.
 */
public interface Tensor {
  /** Length of each axis, slowest first; not to be changed. */
  long[] shape();

  /** Length of one axis. */
  default long size(int axis) {
    return shape()[axis];
  }

  /** Number of elements. */
  default long length() {
    return Shapes.length(shape());
  }
}
