package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_div;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_accurate;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_forward_primitive_desc_create;

import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.aten.DnnlPrimitive.After;
import org.longmae.model.aten.DnnlPrimitive.Operand;
import org.longmae.model.aten.DnnlPrimitive.Place;
import org.longmae.model.ops.Ops;

/**
 * Attention by oneDNN's batched matrix products and softmax.
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
   */
  record Saved(
      org.longmae.model.ops.Tensor context_RD,
      AtenTensor qkv_RP,
      Heads heads,
      AtenTensor probabilities)
      implements Ops.Attended {}

  /** Above this sum of a row, what exponentials lose by underflow is below the type's rounding. */
  private static final double LOWEST = 1e-30;

  /** Far from the largest float, which exp gives for what is beyond it and for NaN. */
  private static final double HIGHEST = 1e30;

  private enum Which {
    EXPONENTIALS,
    SUMS,
    QUOTIENTS,
    SCORES,
    SOFTMAX,
    CONTEXT,
    PROBABILITY_GRADIENT,
    SOFTMAX_GRADIENT,
    VALUE_GRADIENT,
    QUERY_GRADIENT,
    KEY_GRADIENT
  }

  /** An operation on {@code heads} as they lie in rows that hold {@code ofRow} of them. */
  private record Key(Which which, Heads heads, long ofRow) {}

  private final Dnnl dnnl;
  private final AtenMemory memory;
  private final ScalarType type;
  private final AttentionLimits limits;

  DnnlAttention(Dnnl dnnl, AtenMemory memory, ScalarType type, AttentionLimits limits) {
    this.dnnl = dnnl;
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
      long head = firstImage * all.count() + firstHead;
      return new Place(ofAll.array(), head * all.tokens() * all.tokens());
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
    chunks(
        all,
        chunk -> {
          AtenTensor scratch = kept ? null : scores(chunk);
          Place p = kept ? chunk.scores(probabilities) : new Place(scratch.array(), 0);
          attend(qkv_RP, chunk, p);
          primitive(Which.CONTEXT, chunk).run(p, chunk.joined(qkv_RP, 2), chunk.merged(context_RD));
          if (scratch != null) {
            memory.giveBack(scratch);
          }
        });
    return new Saved(context_RD, qkv_RP, all, probabilities);
  }

  /** Sets the probabilities of some heads. */
  private void attend(AtenTensor qkv_RP, Chunk chunk, Place p) {
    Place q = chunk.joined(qkv_RP, 0);
    Place k = chunk.joined(qkv_RP, 1);
    AtenTensor sums = memory.borrow(ScalarType.Float, chunk.heads().rows());
    Place r = new Place(sums.array(), 0);
    primitive(Which.EXPONENTIALS, chunk).run(q, k, p);
    primitive(Which.SUMS, chunk).run(p, r);
    if (inRange(sums)) {
      primitive(Which.QUOTIENTS, chunk).run(p, r, p);
    } else {
      primitive(Which.SCORES, chunk).run(q, k, p);
      primitive(Which.SOFTMAX, chunk).run(p, p);
    }
    memory.giveBack(sums);
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
    chunks(
        saved.heads(),
        chunk -> {
          AtenTensor scratch = kept ? null : scores(chunk);
          Place p = kept ? chunk.scores(saved.probabilities()) : new Place(scratch.array(), 0);
          if (!kept) {
            attend(qkv_RP, chunk, p);
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
    return dQkv_RP;
  }

  private AtenTensor scores(Chunk chunk) {
    return memory.borrow(type, chunk.heads().scores());
  }

  private DnnlPrimitive primitive(Which which, Chunk chunk) {
    Key key = new Key(which, chunk.heads(), chunk.all().count());
    return dnnl.primitive(key, () -> make(key));
  }

  private DnnlPrimitive make(Key key) {
    float root = (float) (1 / Math.sqrt(key.heads.size()));
    After scale = After.scaled(root);
    After none = After.NOTHING;
    int a = DNNL_ARG_SRC;
    int b = DNNL_ARG_WEIGHTS;
    int c = DNNL_ARG_DST;
    return switch (key.which) {
      case EXPONENTIALS ->
          product(new After(root, true), joined(a, key), flipped(joined(b, key)), scores(c, key));
      case SUMS -> sums(key);
      case QUOTIENTS -> quotients(key);
      case SCORES -> product(scale, joined(a, key), flipped(joined(b, key)), scores(c, key));
      case SOFTMAX -> softmax(key);
      case CONTEXT -> product(none, scores(a, key), joined(b, key), merged(c, key));
      case PROBABILITY_GRADIENT ->
          product(none, merged(a, key), flipped(joined(b, key)), scores(c, key));
      case SOFTMAX_GRADIENT -> softmaxGradient(key);
      case VALUE_GRADIENT -> product(none, flipped(scores(a, key)), merged(b, key), joined(c, key));
      case QUERY_GRADIENT -> product(scale, scores(a, key), joined(b, key), joined(c, key));
      case KEY_GRADIENT -> product(scale, flipped(scores(a, key)), joined(b, key), joined(c, key));
    };
  }

  private DnnlPrimitive product(After after, Operand a, Operand b, Operand c) {
    return DnnlPrimitive.product(dnnl, after, a, b, c);
  }

  private DnnlPrimitive sums(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            dnnl_reduction_primitive_desc_create(
                into, engine, dnnl_reduction_sum, operands[0], operands[1], 0, 0, attributes),
        After.NOTHING,
        rows(DNNL_ARG_SRC, key),
        sums(DNNL_ARG_DST, key));
  }

  private DnnlPrimitive quotients(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            dnnl_binary_primitive_desc_create(
                into, engine, dnnl_binary_div, operands[0], operands[1], operands[2], attributes),
        After.NOTHING,
        rows(DNNL_ARG_SRC_0, key),
        sums(DNNL_ARG_SRC_1, key),
        rows(DNNL_ARG_DST, key));
  }

  private DnnlPrimitive softmax(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            dnnl_softmax_forward_primitive_desc_create(
                into,
                engine,
                dnnl_forward_training,
                dnnl_softmax_accurate,
                operands[0],
                operands[1],
                1,
                attributes),
        After.NOTHING,
        rows(DNNL_ARG_SRC, key),
        rows(DNNL_ARG_DST, key));
  }

  private DnnlPrimitive softmaxGradient(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) -> {
          // Backward is asked for with what forward would be.
          dnnl_primitive_desc forward = new dnnl_primitive_desc();
          Dnnl.check(
              dnnl_softmax_forward_primitive_desc_create(
                  forward,
                  engine,
                  dnnl_forward_training,
                  dnnl_softmax_accurate,
                  operands[0],
                  operands[0],
                  1,
                  attributes),
              "a softmax");
          int status =
              dnnl_softmax_backward_primitive_desc_create(
                  into,
                  engine,
                  dnnl_softmax_accurate,
                  operands[2],
                  operands[1],
                  operands[0],
                  1,
                  forward,
                  attributes);
          dnnl_primitive_desc_destroy(forward);
          return status;
        },
        After.NOTHING,
        rows(DNNL_ARG_DST, key),
        rows(DNNL_ARG_DIFF_DST, key),
        rows(DNNL_ARG_DIFF_SRC, key));
  }

  /** Queries, keys or values, [B, N, T, A]. */
  private Operand joined(int argument, Key key) {
    return lying(argument, key, 3 * key.ofRow * key.heads.size());
  }

  /** Results, [B, N, T, A]. */
  private Operand merged(int argument, Key key) {
    return lying(argument, key, key.ofRow * key.heads.size());
  }

  private Operand lying(int argument, Key key, long width) {
    Heads heads = key.heads;
    return new Operand(
        argument,
        type,
        new long[] {heads.images(), heads.count(), heads.tokens(), heads.size()},
        new long[] {heads.tokens() * width, heads.size(), width, 1});
  }

  /** [B, N, T, T]. */
  private Operand scores(int argument, Key key) {
    Heads heads = key.heads;
    long tokens = heads.tokens();
    return new Operand(
        argument,
        type,
        new long[] {heads.images(), heads.count(), tokens, tokens},
        new long[] {heads.count() * tokens * tokens, tokens * tokens, tokens, 1});
  }

  /** The same, [B·N·T, T]. */
  private Operand rows(int argument, Key key) {
    Heads heads = key.heads;
    return new Operand(
        argument, type, new long[] {heads.rows(), heads.tokens()}, new long[] {heads.tokens(), 1});
  }

  /** One of each row, [B·N·T, 1]. */
  private static Operand sums(int argument, Key key) {
    return new Operand(
        argument, ScalarType.Float, new long[] {key.heads.rows(), 1}, new long[] {1, 1});
  }

  /** The last two axes in the other order. */
  private static Operand flipped(Operand operand) {
    long[] shape = operand.shape();
    long[] strides = operand.strides();
    return new Operand(
        operand.argument(),
        operand.type(),
        new long[] {shape[0], shape[1], shape[3], shape[2]},
        new long[] {strides[0], strides[1], strides[3], strides[2]});
  }
}
