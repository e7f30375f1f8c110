package org.longmae.model.aten;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A piece of native memory that is used again and again, in the shapes that it was asked for. */
final class AtenBuffer {
  private final Tensor flat;
  private final ScalarType type;
  private final long length;
  private final List<AtenTensor> shapes = new ArrayList<>();

  AtenBuffer(Tensor flat, ScalarType type, long length) {
    this.flat = flat;
    this.type = type;
    this.length = length;
  }

  ScalarType type() {
    return type;
  }

  long length() {
    return length;
  }

  long bytes() {
    return flat.nbytes();
  }

  /** The buffer in a shape of its length. */
  AtenTensor as(long... shape) {
    for (AtenTensor tensor : shapes) {
      if (Arrays.equals(tensor.shape(), shape)) {
        return tensor;
      }
    }
    AtenTensor tensor = new AtenTensor(flat.view(shape), this, shape);
    shapes.add(tensor);
    return tensor;
  }

  /** Frees the memory. */
  void close() {
    shapes.forEach(AtenTensor::close);
    flat.close();
  }
}
