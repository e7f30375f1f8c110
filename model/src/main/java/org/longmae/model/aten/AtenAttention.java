package org.longmae.model.aten;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.Ops;

/**
 * Attention as batched matrix products around a softmax.
 *
 * <p>Heads are brought side by side once, [3, B, N, T, A], so that the batched products work on
 * contiguous matrices. Scores are computed for some images at a time: about {@link Limits#chunk}
 * elements, which stay in the cache between product, softmax and product. Probabilities are kept
 * for backward up to {@link Limits#kept} elements a call, and recomputed beyond that: at 784
 * patches, 12 heads and 64 images they would take 0.9 GB a block in bf16.
 *
 * <p>ATen's fused attention is not used here: on CPU in bf16 it does not reach the rate of a GEMM.
 */
final class AtenAttention implements AutoCloseable {
  /**
   * How memory is traded for time; results do not depend on it but for rounding.
   *
   * @param chunk scores computed at a time, at least those of one image
   * @param kept scores up to which probabilities are kept for backward
   */
  record Limits(long chunk, long kept) {
    static final Limits DEFAULT = new Limits(4 << 20, 64 << 20);
  }

  /** Elements of bf16 in a vector register. */
  private static final long SHORT_ROW = 32;

  private final AtenMemory memory;
  private final ScalarType type;
  private final Limits limits;
  private final OperatorHandle softmaxBackward =
      Dispatcher.singleton().findSchemaOrThrow("aten::_softmax_backward_data", "out");
  private final Scalar zero = new Scalar(0.0);

  AtenAttention(AtenMemory memory, ScalarType type, Limits limits) {
    this.memory = memory;
    this.type = type;
    this.limits = limits;
  }

  /**
   * What backward needs.
   *
   * @param qkv heads side by side, [3, B, N, T, A]
   * @param probabilities [B·N, T, T], or null if they are to be recomputed
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
    AtenTensor context = memory.borrow(type, images, heads, tokens, headSize);
    AtenTensor context_RD = memory.take(type, images * tokens, width);
    Saved saved = new Saved(context_RD, qkv, all);
    long step = imagesAtATime(saved);
    for (long from = 0; from < images; from += step) {
      long count = Math.min(step, images - from);
      AtenTensor scratch = kept ? null : scores(count, saved);
      Tensor probabilities = kept ? rows(all, from, count, heads) : scratch.array();
      probabilities(saved, from, count, probabilities);
      torch.bmm_out(matrices(context, from, count), probabilities, part(qkv, 2, from, count));
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
    AtenTensor dContext = memory.borrow(type, images, heads, tokens, headSize);
    dContext.array().copy_(merged(dContext_RD, images, tokens, heads, headSize));
    AtenTensor dQkv = memory.borrow(type, 3, images, heads, tokens, headSize);
    long step = imagesAtATime(saved);
    try (Scalar scale = new Scalar(1 / Math.sqrt(headSize))) {
      for (long from = 0; from < images; from += step) {
        long count = Math.min(step, images - from);
        AtenTensor scratch = saved.probabilities() == null ? scores(count, saved) : null;
        AtenTensor dScores = scores(count, saved);
        Tensor p =
            scratch == null
                ? rows(saved.probabilities(), from, count, heads)
                : probabilities(saved, from, count, scratch.array());
        Tensor dO = matrices(dContext, from, count);
        Tensor dS = dScores.array();
        Tensor dSTransposed = dScores.view("T", array -> array.transpose(1, 2));
        bmm(part(dQkv, 2, from, count), transposed(saved, scratch, from, count), dO);
        torch.bmm_out(dS, dO, partTransposed(saved.qkv(), 2, from, count));
        softmaxBackward(dS, p, saved);
        scaledBmm(part(dQkv, 0, from, count), dS, part(saved.qkv(), 1, from, count), scale);
        scaledBmm(
            part(dQkv, 1, from, count), dSTransposed, part(saved.qkv(), 0, from, count), scale);
        memory.giveBack(dScores);
        if (scratch != null) {
          memory.giveBack(scratch);
        }
      }
    }
    memory.giveBack(dContext);
    AtenTensor dQkv_RP = memory.take(type, images * tokens, 3 * heads * headSize);
    joined(dQkv_RP, images, tokens, heads, headSize).copy_(dQkv.array());
    memory.giveBack(dQkv);
    return dQkv_RP;
  }

  /** softmax(q kᵀ / √A) of some images, in place of the scores. */
  private Tensor probabilities(Saved saved, long from, long count, Tensor into) {
    try (Scalar scale = new Scalar(1 / Math.sqrt(saved.headSize()))) {
      scaledBmm(
          into,
          part(saved.qkv(), 0, from, count),
          partTransposed(saved.qkv(), 1, from, count),
          scale);
    }
    if (!slow(saved.tokens())) {
      return torch.softmax_out(into, into, -1);
    }
    AtenTensor wide = wide(into, saved);
    torch.softmax_out(wide.array(), wide.array(), -1);
    into.copy_(wide.array());
    memory.giveBack(wide);
    return into;
  }

  private void scaledBmm(Tensor into, Tensor a, Tensor b, Scalar scale) {
    torch.baddbmm_out(into, into, a, b, zero, scale);
  }

  private static void bmm(Tensor into, Tensor a, Tensor b) {
    torch.bmm_out(into, a, b);
  }

  /** dS = P ⊙ (dP − rowsum(P ⊙ dP)), in place of dP. */
  private void softmaxBackward(Tensor gradient, Tensor probabilities, Saved saved) {
    if (!slow(saved.tokens())) {
      softmaxBackward(gradient, probabilities, type);
      return;
    }
    AtenTensor wideGradient = wide(gradient, saved);
    AtenTensor wideProbabilities = wide(probabilities, saved);
    softmaxBackward(wideGradient.array(), wideProbabilities.array(), ScalarType.Float);
    gradient.copy_(wideGradient.array());
    memory.giveBack(wideGradient);
    memory.giveBack(wideProbabilities);
  }

  private void softmaxBackward(Tensor gradient, Tensor probabilities, ScalarType elements) {
    try (IValue dP = new IValue(gradient);
        IValue p = new IValue(probabilities);
        IValue axis = new IValue(-1L);
        IValue inputType = new IValue(elements);
        IValueVector arguments = new IValueVector(dP, p, axis, inputType, dP)) {
      softmaxBackward.callBoxed(arguments);
    }
  }

  /**
   * Whether ATen's softmax should be spared this type: on rows of bf16 shorter than a vector it
   * takes ten times as long an element as on long ones, several times as long as with two casts.
   */
  private boolean slow(long tokens) {
    return type == ScalarType.BFloat16 && tokens < SHORT_ROW;
  }

  private AtenTensor wide(Tensor narrow, Saved saved) {
    AtenTensor wide =
        memory.borrow(ScalarType.Float, narrow.size(0), saved.tokens(), saved.tokens());
    wide.array().copy_(narrow);
    return wide;
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

  /** The probabilities of some images. */
  private static Tensor rows(AtenTensor probabilities, long from, long count, long heads) {
    return probabilities.view(
        from + "+" + count, all -> all.narrow(0, from * heads, count * heads));
  }

  private static Tensor transposed(Saved saved, AtenTensor scratch, long from, long count) {
    if (scratch != null) {
      return scratch.view("T", all -> all.transpose(1, 2));
    }
    Tensor some = rows(saved.probabilities(), from, count, saved.heads());
    return saved.probabilities().view(from + "+" + count + "T", all -> some.transpose(1, 2));
  }

  @Override
  public void close() {
    zero.close();
    softmaxBackward.close();
  }
}
