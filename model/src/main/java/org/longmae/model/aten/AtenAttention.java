package org.longmae.model.aten;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.Ops;

/**
 * Attention as batched matrix products around an exponential.
 *
 * <pre>
 *   forward    E = exp(q kᵀ / √A)     r = rowsum(E)     o = (E v) / r
 *   backward   do' = do / r     δ = rowsum(do' ⊙ o)     dS = E ⊙ (do' vᵀ − δ)
 *              dv = Eᵀ do'      dq = dS k / √A          dk = dSᵀ q / √A
 * </pre>
 *
 * <p>This is softmax with its division moved from T x T probabilities to T x A results, so that
 * what is left on the scores is one pass of exp forward and one product backward; δ is subtracted
 * inside the matrix product, by two more columns of do' and v (its value rounded to the compute
 * type, and the rest). Without the rows' maxima exp might overflow, or a whole row vanish: then a
 * row's sum is not within {@link #LOWEST} and {@link #HIGHEST}, and the call is done again with
 * ATen's softmax, whose result is an E with r = 1. Derivation: docs/math.md.
 *
 * <p>Heads are brought side by side once, [3, B, N, T, A], so that the batched products work on
 * contiguous matrices. Scores are computed for some images at a time: about {@link Limits#chunk}
 * elements, which stay in the cache between product, exponential and product. E is kept for
 * backward up to {@link Limits#kept} elements a call, and computed once more beyond that: at 784
 * patches, 12 heads and 64 images it would take 0.9 GB a block in bf16.
 *
 * <p>ATen's fused attention is not used here: on CPU in bf16 it does not reach the rate of a GEMM.
 */
final class AtenAttention implements AutoCloseable {
  /**
   * How memory is traded for time; results do not depend on it but for rounding.
   *
   * @param chunk scores computed at a time, at least those of one image
   * @param kept scores up to which their exponentials are kept for backward
   */
  record Limits(long chunk, long kept) {
    static final Limits DEFAULT = new Limits(4 << 20, 64 << 20);
  }

  /** Above this sum of a row, what E loses by underflow is below the type's rounding. */
  private static final double LOWEST = 1e-30;

  /** Below it, gradients down to 1e-17 are still normal numbers when they are divided by r. */
  private static final double HIGHEST = 1e20;

  private static final long[] LAST = {-1};

  private final AtenMemory memory;
  private final ScalarType type;
  private final Limits limits;
  private final ScalarType accumulator;
  private final Scalar zero = new Scalar(0.0);
  private final Scalar one = new Scalar(1.0);
  private final Scalar minusOne = new Scalar(-1.0);
  private final ScalarTypeOptional sameType = new ScalarTypeOptional();

  AtenAttention(AtenMemory memory, ScalarType type, Limits limits) {
    this.memory = memory;
    this.type = type;
    this.limits = limits;
    this.accumulator = type == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
  }

  /**
   * What backward needs.
   *
   * @param qkv heads side by side, [3, B, N, T, A]
   * @param sums r, [B, N, T, 1]
   * @param exponentials E, [B·N, T, T], or null if it is to be computed once more
   * @param softmax whether E is the softmax, and r is 1
   */
  record Saved(
      org.longmae.model.ops.Tensor context_RD,
      AtenTensor qkv,
      AtenTensor sums,
      AtenTensor exponentials,
      boolean softmax)
      implements Ops.Attended {
    long images() {
      return qkv.size(1);
    }

    long heads() {
      return qkv.size(2);
    }

    long tokens() {
      return qkv.size(3);
    }

    long headSize() {
      return qkv.size(4);
    }
  }

  Saved forward(AtenTensor qkv_RP, int images, int heads, Ops.Keep keep) {
    long tokens = qkv_RP.size(0) / images;
    long width = qkv_RP.size(1) / 3;
    long headSize = width / heads;
    AtenTensor qkv = memory.take(type, 3, images, heads, tokens, headSize);
    qkv.array().copy_(joined(qkv_RP, images, tokens, heads, headSize));

    long scores = images * heads * tokens * tokens;
    boolean kept = keep == Ops.Keep.PROBABILITIES && scores <= limits.kept();
    AtenTensor all = kept ? memory.take(type, images * heads, tokens, tokens) : null;
    AtenTensor sums = memory.take(type, images, heads, tokens, 1);
    AtenTensor context_RD = memory.take(type, images * tokens, width);
    AtenTensor context = memory.borrow(type, images, heads, tokens, headSize);
    // Asking for the range makes the host wait, on a GPU until all before it is done.
    boolean ask = !memory.device().apart();
    Saved saved = new Saved(context_RD, qkv, sums, all, !ask);
    attend(saved, context);
    if (ask && !inRange(sums)) {
      saved = new Saved(context_RD, qkv, sums, all, true);
      attend(saved, context);
    }
    torch.div_out(
        merged(context_RD, images, tokens, heads, headSize), context.array(), sums.array());
    memory.giveBack(context);
    return saved;
  }

  /** Sets r and E v, and E if it is kept. */
  private void attend(Saved saved, AtenTensor intoContext) {
    long step = imagesAtATime(saved);
    for (long from = 0; from < saved.images(); from += step) {
      long count = Math.min(step, saved.images() - from);
      AtenTensor scratch = saved.exponentials() == null ? scores(count, saved) : null;
      Tensor e = exponentials(saved, from, count, scratch);
      exponentiate(saved, from, count, e);
      if (!saved.softmax()) {
        torch.sum_out(matrices(saved.sums(), from, count), e, LAST, true, sameType);
      }
      torch.bmm_out(matrices(intoContext, from, count), e, part(saved.qkv(), 2, from, count));
      if (scratch != null) {
        memory.giveBack(scratch);
      }
    }
    if (saved.softmax()) {
      saved.sums().array().fill_(one);
    }
  }

  private static boolean inRange(AtenTensor sums) {
    try (Tensor least = sums.array().min();
        Tensor most = sums.array().max()) {
      // Written so that NaN is out of range.
      return least.item_double() > LOWEST && most.item_double() < HIGHEST;
    }
  }

  org.longmae.model.ops.Tensor backward(AtenTensor dContext_RD, Saved saved) {
    long images = saved.images();
    long heads = saved.heads();
    long tokens = saved.tokens();
    long headSize = saved.headSize();
    AtenTensor dOutput = memory.borrow(type, images, heads, tokens, headSize);
    torch.div_out(
        dOutput.array(),
        merged(dContext_RD, images, tokens, heads, headSize),
        saved.sums().array());
    AtenTensor dOutputLess = memory.borrow(type, images, heads, tokens, headSize + 2);
    AtenTensor values = memory.borrow(type, images, heads, tokens, headSize + 2);
    subtrahend(saved, dOutput, dOutputLess, values);

    AtenTensor dQkv = memory.borrow(type, 3, images, heads, tokens, headSize);
    long step = imagesAtATime(saved);
    try (Scalar scale = new Scalar(1 / Math.sqrt(headSize))) {
      for (long from = 0; from < images; from += step) {
        long count = Math.min(step, images - from);
        AtenTensor scratch = saved.exponentials() == null ? scores(count, saved) : null;
        AtenTensor dScores = scores(count, saved);
        Tensor e = exponentials(saved, from, count, scratch);
        if (scratch != null) {
          exponentiate(saved, from, count, e);
        }
        torch.bmm_out(
            part(dQkv, 2, from, count),
            exponentialsTransposed(saved, from, count, scratch),
            matrices(dOutput, from, count));
        Tensor dS = dScores.array();
        torch.bmm_out(
            dS, matrices(dOutputLess, from, count), matricesTransposed(values, from, count));
        dS.mul_(e);
        scaledBmm(part(dQkv, 0, from, count), dS, part(saved.qkv(), 1, from, count), scale);
        scaledBmm(
            part(dQkv, 1, from, count),
            dScores.view("T", array -> array.transpose(1, 2)),
            part(saved.qkv(), 0, from, count),
            scale);
        memory.giveBack(dScores);
        if (scratch != null) {
          memory.giveBack(scratch);
        }
      }
    }
    memory.giveBack(values);
    memory.giveBack(dOutputLess);
    memory.giveBack(dOutput);
    AtenTensor dQkv_RP = memory.take(type, images * tokens, 3 * heads * headSize);
    joined(dQkv_RP, images, tokens, heads, headSize).copy_(dQkv.array());
    memory.giveBack(dQkv);
    return dQkv_RP;
  }

  /** Sets [do', δ, δ's rest] and [v, −1, −1], whose product is do' vᵀ − δ. */
  private void subtrahend(
      Saved saved, AtenTensor dOutput, AtenTensor intoDOutputLess, AtenTensor intoValues) {
    long size = saved.headSize();
    columns(intoValues, 0, size).copy_(saved.qkv().view("v", all -> all.select(0, 2)));
    columns(intoValues, size, 2).fill_(minusOne);
    columns(intoDOutputLess, 0, size).copy_(dOutput.array());

    AtenTensor products = memory.borrow(type, dOutput.shape());
    AtenTensor context_RD = AtenTensor.of(saved.context_RD());
    torch.mul_out(
        products.array(),
        dOutput.array(),
        merged(context_RD, saved.images(), saved.tokens(), saved.heads(), size));
    AtenTensor delta = memory.borrow(accumulator, saved.images(), saved.heads(), saved.tokens(), 1);
    // In two calls: a sum into another type takes ATen's slow path.
    AtenTensor wide = memory.borrow(accumulator, dOutput.shape());
    wide.array().copy_(products.array());
    torch.sum_out(delta.array(), wide.array(), LAST, true, sameType);
    memory.giveBack(wide);
    Tensor rounded = columns(intoDOutputLess, size, 1);
    rounded.copy_(delta.array());
    delta.array().sub_(rounded);
    columns(intoDOutputLess, size + 1, 1).copy_(delta.array());
    memory.giveBack(delta);
    memory.giveBack(products);
  }

  private static Tensor columns(AtenTensor tensor, long from, long count) {
    return tensor.view("columns" + from + "+" + count, all -> all.narrow(3, from, count));
  }

  /** Sets E of some images. */
  private void exponentiate(Saved saved, long from, long count, Tensor into) {
    try (Scalar scale = new Scalar(1 / Math.sqrt(saved.headSize()))) {
      scaledBmm(
          into,
          part(saved.qkv(), 0, from, count),
          partTransposed(saved.qkv(), 1, from, count),
          scale);
    }
    if (saved.softmax()) {
      torch.softmax_out(into, into, -1);
    } else {
      into.exp_();
    }
  }

  private void scaledBmm(Tensor into, Tensor a, Tensor b, Scalar scale) {
    torch.baddbmm_out(into, into, a, b, zero, scale);
  }

  private AtenTensor scores(long count, Saved saved) {
    return memory.borrow(type, count * saved.heads(), saved.tokens(), saved.tokens());
  }

  private long imagesAtATime(Saved saved) {
    long scoresAnImage = saved.heads() * saved.tokens() * saved.tokens();
    return Math.max(1, Math.min(saved.images(), limits.chunk() / scoresAnImage));
  }

  /** The rows [B·T, 3·N·A] as [3, B, N, T, A]. */
  private static Tensor joined(
      AtenTensor rows, long images, long tokens, long heads, long headSize) {
    return rows.view(
        "joined" + images + "," + heads,
        all -> {
          try (Tensor split = all.view(images, tokens, 3, heads, headSize)) {
            return split.permute(2, 0, 3, 1, 4);
          }
        });
  }

  /** The rows [B·T, N·A] as [B, N, T, A]. */
  private static Tensor merged(
      AtenTensor rows, long images, long tokens, long heads, long headSize) {
    return rows.view(
        "merged" + images + "," + heads,
        all -> {
          try (Tensor split = all.view(images, tokens, heads, headSize)) {
            return split.permute(0, 2, 1, 3);
          }
        });
  }

  /** The queries (0), keys (1) or values (2) of some images, [count·N, T, A]. */
  private static Tensor part(AtenTensor qkv, int which, long from, long count) {
    return qkv.view(
        which + ":" + from + "+" + count,
        all -> {
          try (Tensor one = all.select(0, which);
              Tensor some = one.narrow(0, from, count)) {
            return some.view(-1, qkv.size(3), qkv.size(4));
          }
        });
  }

  private static Tensor partTransposed(AtenTensor qkv, int which, long from, long count) {
    Tensor part = part(qkv, which, from, count);
    return qkv.view(which + ":" + from + "+" + count + "T", all -> part.transpose(1, 2));
  }

  /** Some images of [B, N, T, A] as [count·N, T, A]. */
  private static Tensor matrices(AtenTensor heads, long from, long count) {
    return heads.view(
        from + "+" + count,
        all -> {
          try (Tensor some = all.narrow(0, from, count)) {
            return some.view(-1, heads.size(2), heads.size(3));
          }
        });
  }

  private static Tensor matricesTransposed(AtenTensor heads, long from, long count) {
    Tensor some = matrices(heads, from, count);
    return heads.view(from + "+" + count + "T", all -> some.transpose(1, 2));
  }

  /** E of some images: the scratch if there is one. */
  private static Tensor exponentials(Saved saved, long from, long count, AtenTensor scratch) {
    if (scratch != null) {
      return scratch.array();
    }
    long heads = saved.heads();
    return saved
        .exponentials()
        .view(from + "+" + count, all -> all.narrow(0, from * heads, count * heads));
  }

  private static Tensor exponentialsTransposed(
      Saved saved, long from, long count, AtenTensor scratch) {
    Tensor some = exponentials(saved, from, count, scratch);
    AtenTensor owner = scratch == null ? saved.exponentials() : scratch;
    String key = scratch == null ? from + "+" + count + "T" : "T";
    return owner.view(key, all -> some.transpose(1, 2));
  }

  @Override
  public void close() {
    zero.close();
    one.close();
    minusOne.close();
    sameType.close();
  }
}
