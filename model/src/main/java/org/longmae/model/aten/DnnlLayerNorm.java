package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_layer_normalization_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_layer_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.aten.DnnlPrimitive.After;
import org.longmae.model.aten.DnnlPrimitive.Operand;
import org.longmae.model.ops.Ops;

/** Layer norm by oneDNN; the letters are those of {@code Ops}. Statistics, γ and β are floats. */
final class DnnlLayerNorm {
  private static final int AFFINE = dnnl_use_scale | dnnl_use_shift;

  private record Key(boolean backward, long rows, long width, double epsilon) {}

  /** A result, and what backward needs of its rows. */
  record Saved(
      org.longmae.model.ops.Tensor y_RD, AtenTensor mean_R1, AtenTensor variance_R1, double epsilon)
      implements Ops.Normalized {}

  private final Dnnl dnnl;
  private final AtenMemory memory;
  private final ScalarType type;

  DnnlLayerNorm(Dnnl dnnl, AtenMemory memory, ScalarType type) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.type = type;
  }

  Saved forward(AtenTensor x_RD, Tensor scale_D, Tensor shift_D, double epsilon) {
    Key key = new Key(false, x_RD.size(0), x_RD.size(1), epsilon);
    AtenTensor y_RD = memory.take(type, x_RD.shape());
    AtenTensor mean_R1 = memory.take(ScalarType.Float, key.rows, 1);
    AtenTensor variance_R1 = memory.take(ScalarType.Float, key.rows, 1);
    dnnl.primitive(key, () -> makeForward(key))
        .run(x_RD.array(), scale_D, shift_D, y_RD.array(), mean_R1.array(), variance_R1.array());
    return new Saved(y_RD, mean_R1, variance_R1, epsilon);
  }

  /** Returns dx, and sets dγ and dβ. */
  AtenTensor backward(
      Tensor dY_RD, Tensor x_RD, Saved saved, Tensor scale_D, Tensor dScale_D, Tensor dShift_D) {
    Key key = new Key(true, x_RD.size(0), x_RD.size(1), saved.epsilon());
    AtenTensor dX_RD = memory.take(type, key.rows, key.width);
    dnnl.primitive(key, () -> makeBackward(key))
        .run(
            dY_RD,
            x_RD,
            saved.mean_R1().array(),
            saved.variance_R1().array(),
            scale_D,
            dX_RD.array(),
            dScale_D,
            dShift_D);
    return dX_RD;
  }

  private DnnlPrimitive makeForward(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            describeForward(into, engine, operands[0], operands[4], key.epsilon, attributes),
        After.NOTHING,
        rows(DNNL_ARG_SRC, key),
        floats(DNNL_ARG_SCALE, key.width),
        floats(DNNL_ARG_SHIFT, key.width),
        rows(DNNL_ARG_DST, key),
        floats(DNNL_ARG_MEAN, key.rows),
        floats(DNNL_ARG_VARIANCE, key.rows));
  }

  private DnnlPrimitive makeBackward(Key key) {
    return new DnnlPrimitive(
        dnnl,
        (into, engine, operands, attributes) ->
            describeBackward(into, engine, operands[0], operands[2], key.epsilon, attributes),
        After.NOTHING,
        rows(DNNL_ARG_DIFF_DST, key),
        rows(DNNL_ARG_SRC, key),
        floats(DNNL_ARG_MEAN, key.rows),
        floats(DNNL_ARG_VARIANCE, key.rows),
        floats(DNNL_ARG_SCALE, key.width),
        rows(DNNL_ARG_DIFF_SRC, key),
        floats(DNNL_ARG_DIFF_SCALE, key.width),
        floats(DNNL_ARG_DIFF_SHIFT, key.width));
  }

  private static int describeForward(
      dnnl_primitive_desc into,
      dnnl_engine engine,
      dnnl_memory_desc rows,
      dnnl_memory_desc statistics,
      double epsilon,
      dnnl_primitive_attr attributes) {
    return dnnl_layer_normalization_forward_primitive_desc_create(
        into,
        engine,
        dnnl_forward_training,
        rows,
        rows,
        statistics,
        (float) epsilon,
        AFFINE,
        attributes);
  }

  private static int describeBackward(
      dnnl_primitive_desc into,
      dnnl_engine engine,
      dnnl_memory_desc rows,
      dnnl_memory_desc statistics,
      double epsilon,
      dnnl_primitive_attr attributes) {
    return DnnlDescriptions.backward(
        into,
        forward -> describeForward(forward, engine, rows, statistics, epsilon, attributes),
        (backward, forward) ->
            dnnl_layer_normalization_backward_primitive_desc_create(
                backward,
                engine,
                dnnl_backward,
                rows,
                rows,
                rows,
                statistics,
                (float) epsilon,
                AFFINE,
                forward,
                attributes));
  }

  private Operand rows(int argument, Key key) {
    return new Operand(argument, type, new long[] {key.rows, key.width}, new long[] {key.width, 1});
  }

  private static Operand floats(int argument, long length) {
    return new Operand(argument, ScalarType.Float, new long[] {length}, new long[] {1});
  }
}
