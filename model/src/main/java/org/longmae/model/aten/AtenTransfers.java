package org.longmae.model.aten;

import java.util.function.Consumer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Moves numbers between Java arrays and tensors, converting their type on the tensors' side.
 *
 * <p>Where the device is apart, numbers pass through {@linkplain AtenDevice#staging staging
 * memory}: on the way in the caller does not wait for the copy, on the way out it does.
 */
final class AtenTransfers {
  private final AtenDevice device;
  private final AtenMemory memory;

  AtenTransfers(AtenDevice device, AtenMemory memory) {
    this.device = device;
    this.memory = memory;
  }

  /** Sets all elements. */
  void write(float[] from, Tensor into, long... shape) {
    write(ScalarType.Float, into, shape, host -> new FloatPointer(host.data_ptr()).put(from));
  }

  /** Sets all elements. */
  void write(double[] from, Tensor into, long... shape) {
    write(ScalarType.Double, into, shape, host -> new DoublePointer(host.data_ptr()).put(from));
  }

  /** Sets all elements. */
  void write(int[] from, Tensor into, long... shape) {
    write(ScalarType.Int, into, shape, host -> new IntPointer(host.data_ptr()).put(from));
  }

  /** Copies all elements out. */
  void read(Tensor from, float[] into, long... shape) {
    read(ScalarType.Float, from, shape, host -> new FloatPointer(host.data_ptr()).get(into));
  }

  /** Copies all elements out. */
  void read(Tensor from, double[] into, long... shape) {
    read(ScalarType.Double, from, shape, host -> new DoublePointer(host.data_ptr()).get(into));
  }

  private void write(ScalarType type, Tensor into, long[] shape, Consumer<Tensor> fill) {
    if (!isPlain(into, type)) {
      AtenTensor same = memory.borrow(type, shape);
      write(type, same.array(), shape, fill);
      into.copy_(same.array());
      memory.giveBack(same);
    } else if (device.apart()) {
      try (Tensor staging = device.staging(type, shape)) {
        fill.accept(staging);
        into.copy_(staging, true);
      }
    } else {
      fill.accept(into);
    }
  }

  private void read(ScalarType type, Tensor from, long[] shape, Consumer<Tensor> take) {
    if (!isPlain(from, type)) {
      AtenTensor same = memory.borrow(type, shape);
      same.array().copy_(from);
      read(type, same.array(), shape, take);
      memory.giveBack(same);
    } else if (device.apart()) {
      try (Tensor staging = device.staging(type, shape)) {
        staging.copy_(from);
        take.accept(staging);
      }
    } else {
      take.accept(from);
    }
  }

  private static boolean isPlain(Tensor tensor, ScalarType type) {
    return tensor.scalar_type().intern() == type && tensor.is_contiguous();
  }
}
