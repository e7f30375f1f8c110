package org.longmae.model.nd4j;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Attention as products of stacked matrices around a softmax.
 *
 * <p>Heads are brought side by side once, [3, B·N, T, A]. Probabilities are kept for backward
 * unless they are to be computed once more.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
final class Nd4jAttention {
  private final Nd4jMemory memory;
  private final DataType type;

  Nd4jAttention(Nd4jMemory memory, DataType type) {
    this.memory = memory;
    this.type = type;
  }

  /**
   * What backward needs.
   *
   * @param qkv heads side by side, [3, B, N, T, A]
   * @param probabilities [B·N, T, T], or null if they are to be computed once more
   */
  record Saved(Tensor context_RD, Tensor qkv, Tensor probabilities, int images, int heads)
      implements Ops.Attended {}

  Saved forward(INDArray qkv_RP, int images, int heads, Ops.Keep keep) {
    long tokens = qkv_RP.size(0) / images;
    long headSize = qkv_RP.size(1) / 3 / heads;
    try (Scope scope = memory.scope()) {
      INDArray joined =
          memory.own(
              qkv_RP
                  .reshape('c', images, tokens, 3, heads, headSize)
                  .permute(2, 0, 3, 1, 4)
                  .dup('c'));
      INDArray qkv = joined.reshape('c', 3, images * heads, tokens, headSize);
      INDArray p = probabilities(qkv);
      INDArray context = multiply(p, head(qkv, 2), false, false, 1);
      INDArray merged =
          memory.own(
              context.reshape('c', images, heads, tokens, headSize).permute(0, 2, 1, 3).dup('c'));
      Tensor context_RD = new Nd4jTensor(merged.reshape('c', images * tokens, heads * headSize));
      scope.keep(new Nd4jTensor(merged));
      if (keep == Ops.Keep.NOTHING) {
        return new Saved(context_RD, null, null, images, heads);
      }
      Tensor inputs = scope.keep(new Nd4jTensor(joined));
      Tensor probabilities = keep == Ops.Keep.PROBABILITIES ? scope.keep(new Nd4jTensor(p)) : null;
      return new Saved(context_RD, inputs, probabilities, images, heads);
    }
  }

  Tensor backward(INDArray dContext_RD, Saved saved) {
    INDArray joined = Nd4jTensor.array(saved.qkv());
    long images = saved.images();
    long heads = saved.heads();
    long tokens = joined.size(3);
    long headSize = joined.size(4);
    INDArray qkv = joined.reshape('c', 3, images * heads, tokens, headSize);
    double scale = 1 / Math.sqrt(headSize);
    try (Scope scope = memory.scope()) {
      INDArray p =
          saved.probabilities() == null
              ? probabilities(qkv)
              : Nd4jTensor.array(saved.probabilities());
      INDArray dO =
          memory
              .own(
                  dContext_RD
                      .reshape('c', images, tokens, heads, headSize)
                      .permute(0, 2, 1, 3)
                      .dup('c'))
              .reshape('c', images * heads, tokens, headSize);
      INDArray dS = multiply(dO, head(qkv, 2), false, true, 1);
      softmaxBackward(
          dS.reshape('c', images * heads * tokens, tokens),
          p.reshape('c', images * heads * tokens, tokens));
      INDArray dQkv = memory.take(type, 3, images * heads, tokens, headSize);
      head(dQkv, 0).assign(multiply(dS, head(qkv, 1), false, false, scale));
      head(dQkv, 1).assign(multiply(dS, head(qkv, 0), true, false, scale));
      head(dQkv, 2).assign(multiply(p, dO, true, false, 1));
      INDArray dQkv_RP =
          memory.own(
              dQkv.reshape('c', 3, images, heads, tokens, headSize)
                  .permute(1, 3, 0, 2, 4)
                  .dup('c'));
      scope.keep(new Nd4jTensor(dQkv_RP));
      return new Nd4jTensor(dQkv_RP.reshape('c', images * tokens, 3 * heads * headSize));
    }
  }

  /** softmax(q kᵀ / √A). */
  private INDArray probabilities(INDArray qkv) {
    INDArray p = multiply(head(qkv, 0), head(qkv, 1), false, true, 1 / Math.sqrt(qkv.size(3)));
    softmax(p.reshape('c', p.size(0) * p.size(1), p.size(2)));
    return p;
  }

  private static INDArray head(INDArray qkv, int which) {
    return qkv.get(
        NDArrayIndex.point(which), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all());
  }

  /** In place, over rows. */
  private void softmax(INDArray scores) {
    scores.subiColumnVector(memory.own(scores.max(true, 1)));
    Transforms.exp(scores, false);
    scores.diviColumnVector(memory.own(scores.sum(true, 1)));
  }

  /** dS = P ⊙ (dP − rowsum(P ⊙ dP)), in place of dP. */
  private void softmaxBackward(INDArray gradient, INDArray probabilities) {
    INDArray product = memory.own(gradient.mul(probabilities));
    gradient.subiColumnVector(memory.own(product.sum(true, 1))).muli(probabilities);
  }

  /** scale · a b for each of a stack of matrices. */
  private INDArray multiply(
      INDArray a, INDArray b, boolean transposeA, boolean transposeB, double scale) {
    INDArray c =
        memory.take(type, a.size(0), a.size(transposeA ? 2 : 1), b.size(transposeB ? 1 : 2));
    Nd4j.exec(
        DynamicCustomOp.builder("matmul")
            .addInputs(a, b)
            .addOutputs(c)
            .addIntegerArguments(transposeA ? 1 : 0, transposeB ? 1 : 0, 0)
            .addFloatingPointArguments(scale, 0.0)
            .build());
    return c;
  }
}
