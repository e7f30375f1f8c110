package org.longmae.model.aten;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.BlasThreads;
import org.longmae.model.ops.Ops;

/**
 * Attention in one kernel each way, which never holds the T×T scores in memory: it computes them in
 * tiles, and once more in backward, from the logarithm ℓ of each row's sum of exponentials.
 *
 * <pre>
 *   forward    o = softmax(q kᵀ / √A) v     ℓ = log Σ exp(q kᵀ / √A)
 *   backward   P = exp(q kᵀ / √A − ℓ), then as in Attention
 * </pre>
 *
 * <p>Queries, keys and values are read where they lie, as views of the rows that hold them side by
 * side; those rows must live until backward. The operators have no place in ATen's public
 * interface: they are found by name, see docs/decisions/0006-fused-attention-by-name.md.
 *
 * @see <a href="https://arxiv.org/abs/2307.08691">Dao: FlashAttention-2 (2023)</a>
 */
final class AtenFusedAttention implements AutoCloseable {
  /** The two implementations; their backward has the same name with another ending. */
  enum Kernels {
    /** Takes any head; limited so that small tests reach the other way too. */
    CPU("aten::_scaled_dot_product_flash_attention_for_cpu", 4),
    CUDA("aten::_scaled_dot_product_flash_attention", 8);

    private static final int LARGEST_HEAD = 256;

    private final String forward;
    private final int unit;

    Kernels(String forward, int unit) {
      this.forward = forward;
      this.unit = unit;
    }

    /** Whether heads may have this size. */
    boolean take(long headSize) {
      return headSize % unit == 0 && headSize <= LARGEST_HEAD;
    }
  }

  private final AtenMemory memory;
  private final ScalarType type;
  private final Kernels kernels;
  private final int threads;
  private final OperatorHandle forward;
  private final OperatorHandle backward;

  /**
   * Finds the operators.
   *
   * @param threads that OpenBLAS has outside of them
   */
  AtenFusedAttention(AtenMemory memory, ScalarType type, Kernels kernels, int threads) {
    this.memory = memory;
    this.threads = threads;
    this.type = type;
    this.kernels = kernels;
    this.forward = Dispatcher.singleton().findSchemaOrThrow(kernels.forward, "");
    this.backward = Dispatcher.singleton().findSchemaOrThrow(kernels.forward + "_backward", "");
  }

  /**
   * What backward needs.
   *
   * @param heads how the rows are cut, for the views of q, k and v
   * @param output o, [B, N, T, A]
   * @param logSums ℓ
   * @param extras further results of the GPU's forward, which its backward wants back: lengths of
   *     queries and of keys, seed and offset of a dropout (all unused here); null on CPU
   */
  record Saved(
      org.longmae.model.ops.Tensor context_RD,
      AtenTensor qkv_RP,
      Heads heads,
      AtenTensor output,
      AtenTensor logSums,
      AtenTensor[] extras)
      implements Ops.Attended {}

  /** Whether heads of this size can be computed. */
  boolean takes(long headSize) {
    return kernels.take(headSize);
  }

  Saved forward(AtenTensor qkv_RP, int images, int heads) {
    Heads cut = Heads.of(qkv_RP, images, heads);
    try (IValueVector stack = forwardArguments(qkv_RP, cut)) {
      call(forward, stack);
      AtenTensor output = own(stack, 0, cut.images(), cut.count(), cut.tokens(), cut.size());
      return new Saved(
          context(output, cut),
          qkv_RP,
          cut,
          output,
          own(stack, 1),
          kernels == Kernels.CPU
              ? null
              : new AtenTensor[] {own(stack, 2), own(stack, 3), own(stack, 6), own(stack, 7)});
    }
  }

  /** The processor's kernels share heads out among threads: a product of a tile is one thread's. */
  private void call(OperatorHandle operator, IValueVector stack) {
    if (kernels == Kernels.CUDA) {
      operator.callBoxed(stack);
      return;
    }
    BlasThreads.set(1);
    operator.callBoxed(stack);
    BlasThreads.set(threads);
  }

  private IValueVector forwardArguments(AtenTensor qkv_RP, Heads cut) {
    IValue[] attentionMaskAndScale =
        kernels == Kernels.CPU
            ? new IValue[] {new IValue(), new IValue()}
            : new IValue[] {new IValue(false), new IValue()};
    return stack(
        new IValue(part(qkv_RP, 0, cut)),
        new IValue(part(qkv_RP, 1, cut)),
        new IValue(part(qkv_RP, 2, cut)),
        new IValue(0.0),
        new IValue(false),
        attentionMaskAndScale[0],
        attentionMaskAndScale[1]);
  }

  org.longmae.model.ops.Tensor backward(AtenTensor dContext_RD, Saved saved) {
    Heads cut = saved.heads();
    AtenTensor dQkv_RP =
        memory.take(type, cut.images() * cut.tokens(), 3 * cut.count() * cut.size());
    try (IValueVector stack = backwardArguments(dContext_RD, saved)) {
      call(backward, stack);
      for (int which = 0; which < 3; which++) {
        try (Tensor gradient = tensor(stack, which)) {
          part(dQkv_RP, which, cut).copy_(gradient);
        }
      }
    }
    return dQkv_RP;
  }

  private IValueVector backwardArguments(AtenTensor dContext_RD, Saved saved) {
    Heads cut = saved.heads();
    IValueVector stack =
        stack(
            new IValue(joined(dContext_RD, cut)),
            new IValue(part(saved.qkv_RP(), 0, cut)),
            new IValue(part(saved.qkv_RP(), 1, cut)),
            new IValue(part(saved.qkv_RP(), 2, cut)),
            new IValue(saved.output().array()),
            new IValue(saved.logSums().array()));
    AtenTensor[] extras = saved.extras();
    if (kernels == Kernels.CPU) {
      push(stack, new IValue(0.0), new IValue(false), new IValue(), new IValue());
    } else {
      push(stack, new IValue(extras[0].array()), new IValue(extras[1].array()));
      push(stack, new IValue(cut.tokens()), new IValue(cut.tokens()));
      push(stack, new IValue(0.0), new IValue(false));
      push(stack, new IValue(extras[2].array()), new IValue(extras[3].array()), new IValue());
    }
    return stack;
  }

  private static IValueVector stack(IValue... values) {
    IValueVector stack = new IValueVector();
    push(stack, values);
    return stack;
  }

  private static void push(IValueVector stack, IValue... values) {
    for (IValue value : values) {
      stack.push_back(value);
      value.close();
    }
  }

  private AtenTensor own(IValueVector results, long index, long... shape) {
    return memory.own(tensor(results, index), shape);
  }

  private static Tensor tensor(IValueVector results, long index) {
    try (IValue value = results.get(index);
        Tensor tensor = value.toTensor()) {
      return new Tensor(tensor);
    }
  }

  /** The queries (0), keys (1) or values (2), [B, N, T, A]. */
  private static Tensor part(AtenTensor qkv_RP, int which, Heads cut) {
    return qkv_RP.view(
        "fused" + which + "," + cut.images() + "," + cut.count(),
        rows -> {
          try (Tensor split = rows.view(cut.images(), cut.tokens(), 3, cut.count(), cut.size());
              Tensor one = split.select(2, which)) {
            return one.transpose(1, 2);
          }
        });
  }

  /** The rows [B·T, N·A] as [B, N, T, A]. */
  private static Tensor joined(AtenTensor rows, Heads cut) {
    return rows.view(
        "fused" + cut.images() + "," + cut.count(),
        all -> {
          try (Tensor split = all.view(cut.images(), cut.tokens(), cut.count(), cut.size())) {
            return split.transpose(1, 2);
          }
        });
  }

  /** The result as rows [B·T, N·A]: no copy, as the kernels write it in this order. */
  private AtenTensor context(AtenTensor output, Heads cut) {
    long rows = cut.images() * cut.tokens();
    long width = cut.count() * cut.size();
    try (Tensor tokensFirst = output.array().transpose(1, 2)) {
      return memory.own(tokensFirst.reshape(rows, width), rows, width);
    }
  }

  @Override
  public void close() {
    forward.close();
    backward.close();
  }
}
