package org.longmae.model.nd4j;

import org.longmae.model.ops.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A row-major ND4J array. */
record Nd4jTensor(INDArray array) implements Tensor {
  /** The array of an opaque tensor. */
  static INDArray array(Tensor tensor) {
    return ((Nd4jTensor) tensor).array;
  }

  @Override
  public long[] shape() {
    return array.shape();
  }
}
