package org.longmae.data.tensor;

import java.util.Arrays;

/**
 * What a tensor is.
 *
 * @param name in its file
 * @param shape slowest axis first; none for a single number
 */
public record TensorInfo(String name, TensorType type, long... shape) {
  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a side is negative, or there are more bytes than 2⁶³ − 1
   */
  public TensorInfo {
    shape = shape.clone();
    long bytes = type.bytes();
    for (long side : shape) {
      if (side < 0 || side > 0 && bytes > Long.MAX_VALUE / side) {
        throw new IllegalArgumentException(
            "tensor %s of shape %s cannot be".formatted(name, Arrays.toString(shape)));
      }
      bytes *= side;
    }
  }

  /** A copy of the shape. */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public long elements() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Bytes that it takes. */
  public long bytes() {
    return elements() * type.bytes();
  }

  /** Whether it has this shape. */
  public boolean hasShape(long... other) {
    return Arrays.equals(shape, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return "%s %s %s".formatted(name, type, Arrays.toString(shape));
  }
}
