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
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_accurate;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_forward_primitive_desc_create;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.aten.DnnlPrimitive.After;
import org.longmae.model.aten.DnnlPrimitive.Operand;

/** The operations of attention for some heads, as they lie in rows that hold more. */
final class DnnlAttentionPrimitives {
  /** What is computed; operands in the order of the formula. */
  enum Which {
    /** exp(q kᵀ / √A). */
    EXPONENTIALS,
    /** Of each row. */
    SUMS,
    /** Of each row and its sum. */
    QUOTIENTS,
    /** q kᵀ / √A. */
    SCORES,
    /** Of each row. */
    SOFTMAX,
    /** P v. */
    CONTEXT,
    /** do vᵀ. */
    PROBABILITY_GRADIENT,
    /** From P and dP. */
    SOFTMAX_GRADIENT,
    /** Pᵀ do. */
    VALUE_GRADIENT,
    /** dS k / √A. */
    QUERY_GRADIENT,
    /** dSᵀ q / √A. */
    KEY_GRADIENT
  }

  /** An operation on {@code heads} as they lie in rows that hold {@code ofRow} of them. */
  private record Key(Which which, Heads heads, long ofRow) {}

  private final Dnnl dnnl;
  private final ScalarType type;

  DnnlAttentionPrimitives(Dnnl dnnl, ScalarType type) {
    this.dnnl = dnnl;
    this.type = type;
  }

  /**
   * An operation.
   *
   * @param heads computed at a time
   * @param ofRow heads that a row holds
   */
  DnnlPrimitive of(Which which, Heads heads, long ofRow) {
    Key key = new Key(which, heads, ofRow);
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
            describeSoftmax(into, engine, operands[0], attributes),
        After.NOTHING,
        rows(DNNL_ARG_SRC, key),
        rows(DNNL_ARG_DST, key));
  }

  private static int describeSoftmax(
      dnnl_primitive_desc into,
      dnnl_engine engine,
      dnnl_memory_desc rows,
      dnnl_primitive_attr attributes) {
    return dnnl_softmax_forward_primitive_desc_create(
        into, engine, dnnl_forward_training, dnnl_softmax_accurate, rows, rows, 1, attributes);
  }

  private DnnlPrimitive softmaxGradient(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            DnnlDescriptions.backward(
                into,
                forward -> describeSoftmax(forward, engine, operands[0], attributes),
                (backward, forward) ->
                    dnnl_softmax_backward_primitive_desc_create(
                        backward,
                        engine,
                        dnnl_softmax_accurate,
                        operands[2],
                        operands[1],
                        operands[0],
                        1,
                        forward,
                        attributes)),
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
