package org.longmae.model.aten;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * An ATen tensor with its Java-side views.
 *
 * <p>A view costs an allocation on both sides of JNI; those that a step needs again and again are
 * made once and live as long as the tensor.
 */
final class AtenTensor implements org.longmae.model.ops.Tensor {
  private final Tensor array;
  private final long[] shape;
  private final AtenBuffer buffer;
  private final Map<String, Tensor> views = new HashMap<>();
  private TensorOptional optional;

  /** A tensor of its own, to be closed; or a part of a buffer, closed with it. */
  AtenTensor(Tensor array, AtenBuffer buffer, long... shape) {
    this.array = array;
    this.buffer = buffer;
    this.shape = shape;
  }

  /** Casts an opaque tensor. */
  static AtenTensor of(org.longmae.model.ops.Tensor tensor) {
    return (AtenTensor) tensor;
  }

  /** The ATen tensor of an opaque one. */
  static Tensor array(org.longmae.model.ops.Tensor tensor) {
    return of(tensor).array;
  }

  @Override
  public long[] shape() {
    return shape;
  }

  Tensor array() {
    return array;
  }

  /** The pooled buffer that it lies in, or null if it has memory of its own. */
  AtenBuffer buffer() {
    return buffer;
  }

  /** The same as an optional argument. */
  TensorOptional optional() {
    if (optional == null) {
      optional = new TensorOptional(array);
    }
    return optional;
  }

  /** The transposed matrix. */
  Tensor transposed() {
    return view("t", Tensor::t);
  }

  /** A view, made at the first call with this key. */
  Tensor view(String key, UnaryOperator<Tensor> make) {
    Tensor view = views.get(key);
    if (view == null) {
      view = make.apply(array);
      views.put(key, view);
    }
    return view;
  }

  /** Frees the tensor and its views. */
  void close() {
    views.values().forEach(Tensor::close);
    views.clear();
    if (optional != null) {
      optional.close();
    }
    array.close();
  }
}
