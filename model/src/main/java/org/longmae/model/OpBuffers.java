package org.longmae.model;

import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;

/**
 * The buffers of single operations on the ATen backend, as {@code AtenOps} takes them.
 *
 * @param compute type of activations
 */
record OpBuffers(BufferCount count, Type compute) {
  /** What is taken from now on is for. */
  void use(Use use) {
    count.use(use);
  }

  /** A result in the compute type. */
  Buffer take(long length) {
    return count.take(compute, length);
  }

  /** Takes a buffer and gives it back at once. */
  void borrow(Type type, long length) {
    count.giveBack(count.borrow(type, length));
  }

  /** Floats go through a buffer of their own into another type. */
  void upload(long length) {
    if (compute != Type.FP32) {
      borrow(Type.FP32, length);
    }
    take(length);
  }

  /** The result, and means and variances of the rows. */
  void norm(long rows, long width) {
    take(rows * width);
    count.take(Type.FP32, rows);
    count.take(Type.FP32, rows);
  }

  void normBackward(long rows, long width) {
    take(rows * width);
  }

  /** Rows by an index. */
  Buffer gather(long rows, long width) {
    Buffer result = take(rows * width);
    borrow(Type.INT32, rows);
    return result;
  }

  /** Rows by an index into {@code sources} rows and one more, which are copied for it. */
  Buffer gatherOr(long sources, long rows, long width) {
    Buffer copy = count.borrow(compute, (sources + 1) * width);
    Buffer result = gather(rows, width);
    count.giveBack(copy);
    return result;
  }

  void sumRows(long rows, long width) {
    count.open();
    gather(rows, width);
    count.close();
  }
}
