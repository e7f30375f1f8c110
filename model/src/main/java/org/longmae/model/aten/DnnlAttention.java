package org.longmae.model.aten;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.aten.DnnlAttentionPrimitives.Which;
import org.longmae.model.aten.DnnlPrimitive.Place;
import org.longmae.model.ops.Ops;

/**
 * Attention by oneDNN's batched matrix products.
 *
 * <pre>
 *   forward    E = exp(q kᵀ / √A)     P = E / rowsum(E)     o = P v
 *   backward   dv = Pᵀ do     dP = do vᵀ     dS from P and dP by softmax's backward
 *              dq = dS k / √A     dk = dSᵀ q / √A
 * </pre>
 *
 * <p>The exponential is taken inside the product, from its sums in 32 bits and without the rows'
 * maxima. Then it might overflow, or a whole row vanish: a row's sum is not within {@link #LOWEST}
 * and {@link #HIGHEST}, and the call is done once more with P as the softmax of the scores.
 * Derivation: docs/math.md.
 *
 * <p>Heads are read and written where they lie in the rows that hold them side by side, so nothing
 * is moved for them. Scores are computed for some heads at a time: about {@link
 * AttentionLimits#chunk} elements, which stay in the cache between product, softmax and product.
 * Probabilities are kept for backward up to {@link AttentionLimits#kept} elements a call, and
 * computed once more beyond that: at 784 patches, 12 heads and 64 images they would take 0.9 GB a
 * block in bf16.
 */
final class DnnlAttention {
  /**
   * What backward needs.
   *
   * @param probabilities [B, N, T, T], or null if they are to be computed once more
   * @param normalization as they were computed
   */
  record Saved(
      AtenTensor context_RD,
      AtenTensor qkv_RP,
      Heads heads,
      AtenTensor probabilities,
      Normalization normalization)
      implements Ops.Attended {
    Saved bySoftmax() {
      return new Saved(context_RD, qkv_RP, heads, probabilities, Normalization.SOFTMAX);
    }
  }

  /** How scores become probabilities. */
  private enum Normalization {
    EXPONENTIALS,
    SOFTMAX
  }

  /** Above this sum of a row, what exponentials lose by underflow is below the type's rounding. */
  private static final double LOWEST = 1e-30;

  /** Far from the largest float, which exp gives for what is beyond it and for NaN. */
  private static final double HIGHEST = 1e30;

  private final DnnlAttentionPrimitives primitives;
  private final AtenMemory memory;
  private final ScalarType type;
  private final AttentionLimits limits;

  DnnlAttention(Dnnl dnnl, AtenMemory memory, ScalarType type, AttentionLimits limits) {
    this.primitives = new DnnlAttentionPrimitives(dnnl, type);
    this.memory = memory;
    this.type = type;
    this.limits = limits;
  }

  /** Some heads of some images: what is computed at a time. */
  private record Chunk(Heads heads, Heads all, long firstImage, long firstHead) {
    /** Where their queries (0), keys (1) or values (2) begin in the rows. */
    Place joined(AtenTensor rows, int which) {
      long row = firstImage * all.tokens() * 3 * all.width();
      return new Place(rows.array(), row + which * all.width() + firstHead * all.size());
    }

    /** Where their results begin in the rows. */
    Place merged(AtenTensor rows) {
      long row = firstImage * all.tokens() * all.width();
      return new Place(rows.array(), row + firstHead * all.size());
    }

    /** Where their scores begin among those of all. */
    Place scores(AtenTensor ofAll) {
      return new Place(ofAll.array(), firstRow() * all.tokens());
    }

    /** Where their rows' sums begin among those of all. */
    Place sums(AtenTensor ofAll) {
      return new Place(ofAll.array(), firstRow());
    }

    private long firstRow() {
      return (firstImage * all.count() + firstHead) * all.tokens();
    }
  }

  private interface ChunkAction {
    void accept(Chunk chunk);
  }

  /** Cuts into chunks: some images, or some heads of an image where one has too many scores. */
  private void chunks(Heads all, ChunkAction action) {
    long ofHead = all.tokens() * all.tokens();
    long headsAtATime = Math.max(1, Math.min(all.count(), limits.chunk() / ofHead));
    long imagesAtATime = Math.max(1, limits.chunk() / (ofHead * all.count()));
    for (long image = 0; image < all.images(); image += imagesAtATime) {
      long images = Math.min(imagesAtATime, all.images() - image);
      for (long head = 0; head < all.count(); head += headsAtATime) {
        long heads = Math.min(headsAtATime, all.count() - head);
        action.accept(
            new Chunk(new Heads(images, all.tokens(), heads, all.size()), all, image, head));
      }
    }
  }

  Saved forward(AtenTensor qkv_RP, int images, int count, Ops.Keep keep) {
    Heads all = Heads.of(qkv_RP, images, count);
    boolean kept = keep == Ops.Keep.PROBABILITIES && all.scores() <= limits.kept();
    AtenTensor probabilities =
        kept ? memory.take(type, images, count, all.tokens(), all.tokens()) : null;
    AtenTensor context_RD = memory.take(type, qkv_RP.size(0), all.width());
    AtenTensor sums = memory.borrow(ScalarType.Float, all.rows());
    Saved saved = new Saved(context_RD, qkv_RP, all, probabilities, Normalization.EXPONENTIALS);
    attend(saved, sums);
    if (!inRange(sums)) {
      saved = saved.bySoftmax();
      attend(saved, sums);
    }
    memory.giveBack(sums);
    return saved;
  }

  /** Sets the context, the probabilities where they are kept, and the rows' sums. */
  private void attend(Saved into, AtenTensor intoSums) {
    chunks(
        into.heads(),
        chunk -> {
          AtenTensor scratch = into.probabilities() == null ? scores(chunk) : null;
          Place p =
              scratch == null ? chunk.scores(into.probabilities()) : new Place(scratch.array(), 0);
          probabilities(into, chunk, p, intoSums);
          primitive(Which.CONTEXT, chunk)
              .run(p, chunk.joined(into.qkv_RP(), 2), chunk.merged(into.context_RD()));
          if (scratch != null) {
            memory.giveBack(scratch);
          }
        });
  }

  private void probabilities(Saved saved, Chunk chunk, Place intoP, AtenTensor intoSums) {
    Place q = chunk.joined(saved.qkv_RP(), 0);
    Place k = chunk.joined(saved.qkv_RP(), 1);
    switch (saved.normalization()) {
      case EXPONENTIALS -> {
        Place r = chunk.sums(intoSums);
        primitive(Which.EXPONENTIALS, chunk).run(q, k, intoP);
        primitive(Which.SUMS, chunk).run(intoP, r);
        primitive(Which.QUOTIENTS, chunk).run(intoP, r, intoP);
      }
      case SOFTMAX -> {
        primitive(Which.SCORES, chunk).run(q, k, intoP);
        primitive(Which.SOFTMAX, chunk).run(intoP, intoP);
      }
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
    AtenTensor qkv_RP = saved.qkv_RP();
    AtenTensor dQkv_RP = memory.take(type, qkv_RP.shape());
    boolean kept = saved.probabilities() != null;
    AtenTensor sums = kept ? null : memory.borrow(ScalarType.Float, saved.heads().rows());
    chunks(
        saved.heads(),
        chunk -> {
          AtenTensor scratch = kept ? null : scores(chunk);
          Place p = kept ? chunk.scores(saved.probabilities()) : new Place(scratch.array(), 0);
          if (!kept) {
            probabilities(saved, chunk, p, sums);
          }
          AtenTensor gradient = scores(chunk);
          Place ds = new Place(gradient.array(), 0);
          Place dContext = chunk.merged(dContext_RD);
          primitive(Which.VALUE_GRADIENT, chunk).run(p, dContext, chunk.joined(dQkv_RP, 2));
          primitive(Which.PROBABILITY_GRADIENT, chunk).run(dContext, chunk.joined(qkv_RP, 2), ds);
          primitive(Which.SOFTMAX_GRADIENT, chunk).run(p, ds, ds);
          primitive(Which.QUERY_GRADIENT, chunk)
              .run(ds, chunk.joined(qkv_RP, 1), chunk.joined(dQkv_RP, 0));
          primitive(Which.KEY_GRADIENT, chunk)
              .run(ds, chunk.joined(qkv_RP, 0), chunk.joined(dQkv_RP, 1));
          memory.giveBack(gradient);
          if (scratch != null) {
            memory.giveBack(scratch);
          }
        });
    if (sums != null) {
      memory.giveBack(sums);
    }
    return dQkv_RP;
  }

  private AtenTensor scores(Chunk chunk) {
    return memory.borrow(type, chunk.heads().scores());
  }

  private DnnlPrimitive primitive(Which which, Chunk chunk) {
    return primitives.of(which, chunk.heads(), chunk.all().count());
  }
}
