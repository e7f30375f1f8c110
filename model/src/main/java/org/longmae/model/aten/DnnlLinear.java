package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;

import java.util.function.Predicate;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.aten.DnnlPrimitive.After;
import org.longmae.model.aten.DnnlPrimitive.Operand;

/** Linear maps by oneDNN's matrix product; the letters are those of {@code Ops}. */
final class DnnlLinear {
  private enum Which {
    FORWARD,
    INPUT_GRADIENT,
    WEIGHT_GRADIENT
  }

  /** Rows from which on it pays to pack a transposed weight. */
  private static final long PACKED = 2048;

  private record Key(Which which, long rows, long in, long out) {}

  private final Dnnl dnnl;
  private final ScalarType type;

  DnnlLinear(Dnnl dnnl, ScalarType type) {
    this.dnnl = dnnl;
    this.type = type;
  }

  /** Sets y = x Wᵀ + b. */
  void forward(Tensor x_RI, Tensor w_OI, Tensor b_O, Tensor intoY_RO) {
    Key key = new Key(Which.FORWARD, x_RI.size(0), x_RI.size(1), w_OI.size(0));
    Operand weight = transposed(DNNL_ARG_WEIGHTS, key.in, key.out);
    dnnl.primitive(
            key,
            () ->
                new DnnlPrimitive(
                    dnnl,
                    (into, engine, operands, attributes) ->
                        dnnl_matmul_primitive_desc_create(
                            into,
                            engine,
                            operands[0],
                            operands[1],
                            operands[2],
                            operands[3],
                            attributes),
                    After.NOTHING,
                    matrix(DNNL_ARG_SRC, key.rows, key.in),
                    key.rows >= PACKED ? weight.packed() : weight,
                    matrix(DNNL_ARG_BIAS, 1, key.out),
                    matrix(DNNL_ARG_DST, key.rows, key.out)))
        .run(x_RI, w_OI, b_O, intoY_RO);
  }

  /** Sets dx = dy W. */
  void inputGradient(Tensor dY_RO, Tensor w_OI, Tensor intoDX_RI) {
    Key key = new Key(Which.INPUT_GRADIENT, dY_RO.size(0), w_OI.size(1), w_OI.size(0));
    dnnl.primitive(
            key,
            () ->
                DnnlPrimitive.product(
                    dnnl,
                    After.NOTHING,
                    matrix(DNNL_ARG_SRC, key.rows, key.out),
                    matrix(DNNL_ARG_WEIGHTS, key.out, key.in).packed(),
                    matrix(DNNL_ARG_DST, key.rows, key.in)))
        .run(dY_RO, w_OI, intoDX_RI);
  }

  /** Sets dW = dyᵀ x and db = Σ_R dy. */
  void weightGradient(Tensor dY_RO, Tensor x_RI, Tensor intoDW_OI, Tensor intoDB_O) {
    Key key = new Key(Which.WEIGHT_GRADIENT, dY_RO.size(0), x_RI.size(1), dY_RO.size(1));
    dnnl.primitive(
            key,
            () ->
                new DnnlPrimitive(
                    dnnl,
                    (into, engine, operands, attributes) ->
                        describeWeightGradient(into, engine, operands, attributes, wanted(key)),
                    After.NOTHING,
                    matrix(DNNL_ARG_DIFF_DST, key.rows, key.out),
                    matrix(DNNL_ARG_SRC, key.rows, key.in),
                    matrix(DNNL_ARG_DIFF_WEIGHTS, key.out, key.in),
                    new Operand(DNNL_ARG_DIFF_BIAS, type, new long[] {key.out}, new long[] {1})))
        .run(dY_RO, x_RI, intoDW_OI, intoDB_O);
  }

  private static int describeWeightGradient(
      dnnl_primitive_desc into,
      dnnl_engine engine,
      dnnl_memory_desc[] operands,
      dnnl_primitive_attr attributes,
      Predicate<String> wanted) {
    dnnl_memory_desc dY = operands[0];
    dnnl_memory_desc x = operands[1];
    dnnl_memory_desc dW = operands[2];
    dnnl_memory_desc dB = operands[3];
    return DnnlDescriptions.backward(
        into,
        forward ->
            dnnl_inner_product_forward_primitive_desc_create(
                forward, engine, dnnl_forward_training, x, dW, dB, dY, attributes),
        (backward, forward) ->
            DnnlDescriptions.preferring(
                wanted,
                backward,
                description ->
                    dnnl_inner_product_backward_weights_primitive_desc_create(
                        description, engine, x, dW, dB, dY, forward, attributes)));
  }

  /**
   * oneDNN's first choice, or its general product. That one is faster in turning and packing
   * operands, and slower in summing up a wide dy for the bias; where the first choice has tiles
   * (AMX), they were never compared.
   */
  private Predicate<String> wanted(Key key) {
    return type == ScalarType.BFloat16 || key.out <= key.in
        ? name -> name.contains("gemm:jit") || name.contains("amx")
        : name -> true;
  }

  private Operand matrix(int argument, long rows, long columns) {
    return new Operand(argument, type, new long[] {rows, columns}, new long[] {columns, 1});
  }

  /** A matrix whose transpose is what lies in memory. */
  private Operand transposed(int argument, long rows, long columns) {
    return new Operand(argument, type, new long[] {rows, columns}, new long[] {1, rows});
  }
}
