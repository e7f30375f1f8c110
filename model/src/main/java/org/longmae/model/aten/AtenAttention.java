package org.longmae.model.aten;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.Ops;

/**
 * Attention as batched matrix products around ATen's softmax, where neither oneDNN is called nor a
 * fused kernel is.
 *
 * <pre>
 *   forward    P = softmax(q kᵀ / √A)     o = P v
 *   backward   δ = rowsum(do ⊙ o)         dS = P ⊙ (do vᵀ − δ)
 *              dv = Pᵀ do     dq = dS k / √A     dk = dSᵀ q / √A
 * </pre>
 *
 * <p>Heads are brought side by side once, [3, B, N, T, A], so that the batched products work on
 * contiguous matrices. Scores are computed for some images at a time: about {@link
 * AttentionLimits#chunk} elements. P is kept for backward up to {@link AttentionLimits#kept}
 * elements a call, and computed once more beyond that. Derivation: docs/math.md.
 */
final class AtenAttention implements AutoCloseable {
  private static final long[] LAST = {-1};

  private final AtenMemory memory;
  private final ScalarType type;
  private final AttentionLimits limits;
  private final ScalarType accumulator;
  private final Scalar zero = new Scalar(0.0);
  private final ScalarTypeOptional sameType = new ScalarTypeOptional();

  AtenAttention(AtenMemory memory, ScalarType type, AttentionLimits limits) {
    this.memory = memory;
    this.type = type;
    this.limits = limits;
    this.accumulator = type == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
  }

  /**
   * What backward needs.
   *
   * @param qkv heads side by side, [3, B, N, T, A]
   * @param probabilities P, [B·N, T, T], or null if they are to be computed once more
   */
  record Saved(org.longmae.model.ops.Tensor context_RD, AtenTensor qkv, AtenTensor probabilities)
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
    AtenTensor context_RD = memory.take(type, images * tokens, width);
    AtenTensor context = memory.borrow(type, images, heads, tokens, headSize);
    Saved saved = new Saved(context_RD, qkv, all);
    long step = imagesAtATime(saved);
    for (long from = 0; from < images; from += step) {
      long count = Math.min(step, images - from);
      AtenTensor scratch = kept ? null : scores(count, saved);
      Tensor p = probabilities(saved, from, count, scratch);
      attend(saved, from, count, p);
      torch.bmm_out(matrices(context, from, count), p, part(qkv, 2, from, count));
      if (scratch != null) {
        memory.giveBack(scratch);
      }
    }
    merged(context_RD, images, tokens, heads, headSize).copy_(context.array());
    memory.giveBack(context);
    return saved;
  }

  org.longmae.model.ops.Tensor backward(AtenTensor dContext_RD, Saved saved) {
    long images = saved.images();
    long heads = saved.heads();
    long tokens = saved.tokens();
    long headSize = saved.headSize();
    AtenTensor dOutput = memory.borrow(type, images, heads, tokens, headSize);
    dOutput.array().copy_(merged(dContext_RD, images, tokens, heads, headSize));
    AtenTensor delta = memory.borrow(accumulator, images, heads, tokens, 1);
    sumOfProducts(saved, dOutput, delta);

    AtenTensor dQkv = memory.borrow(type, 3, images, heads, tokens, headSize);
    long step = imagesAtATime(saved);
    try (Scalar scale = new Scalar(1 / Math.sqrt(headSize))) {
      for (long from = 0; from < images; from += step) {
        long count = Math.min(step, images - from);
        AtenTensor scratch = saved.probabilities() == null ? scores(count, saved) : null;
        AtenTensor dScores = scores(count, saved);
        Tensor p = probabilities(saved, from, count, scratch);
        if (scratch != null) {
          attend(saved, from, count, p);
        }
        torch.bmm_out(
            part(dQkv, 2, from, count),
            probabilitiesTransposed(saved, from, count, scratch),
            matrices(dOutput, from, count));
        Tensor dS = dScores.array();
        torch.bmm_out(
            dS, matrices(dOutput, from, count), partTransposed(saved.qkv(), 2, from, count));
        dS.sub_(matrices(delta, from, count)).mul_(p);
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
    memory.giveBack(delta);
    memory.giveBack(dOutput);
    AtenTensor dQkv_RP = memory.take(type, images * tokens, 3 * heads * headSize);
    joined(dQkv_RP, images, tokens, heads, headSize).copy_(dQkv.array());
    memory.giveBack(dQkv);
    return dQkv_RP;
  }

  /** Sets δ. */
  private void sumOfProducts(Saved saved, AtenTensor dOutput, AtenTensor intoDelta) {
    AtenTensor products = memory.borrow(accumulator, dOutput.shape());
    AtenTensor context_RD = AtenTensor.of(saved.context_RD());
    Tensor output =
        merged(context_RD, saved.images(), saved.tokens(), saved.heads(), saved.headSize());
    products.array().copy_(output).mul_(dOutput.array());
    torch.sum_out(intoDelta.array(), products.array(), LAST, true, sameType);
    memory.giveBack(products);
  }

  /** Sets P of some images. */
  private void attend(Saved saved, long from, long count, Tensor into) {
    try (Scalar scale = new Scalar(1 / Math.sqrt(saved.headSize()))) {
      scaledBmm(
          into,
          part(saved.qkv(), 0, from, count),
          partTransposed(saved.qkv(), 1, from, count),
          scale);
    }
    torch.softmax_out(into, into, -1);
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

  /** P of some images: the scratch if there is one. */
  private static Tensor probabilities(Saved saved, long from, long count, AtenTensor scratch) {
    if (scratch != null) {
      return scratch.array();
    }
    long heads = saved.heads();
    return saved
        .probabilities()
        .view(from + "+" + count, all -> all.narrow(0, from * heads, count * heads));
  }

  private static Tensor probabilitiesTransposed(
      Saved saved, long from, long count, AtenTensor scratch) {
    Tensor some = probabilities(saved, from, count, scratch);
    AtenTensor owner = scratch == null ? saved.probabilities() : scratch;
    String key = scratch == null ? from + "+" + count + "T" : "T";
    return owner.view(key, all -> some.transpose(1, 2));
  }

  @Override
  public void close() {
    zero.close();
    sameType.close();
  }
}
