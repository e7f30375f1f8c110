package org.longmae.model.aten;

import static org.longmae.model.aten.AtenTensor.array;
import static org.longmae.model.aten.AtenTensor.of;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.AdamW;
import org.longmae.model.ops.BlasThreads;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Shapes;
import org.longmae.model.ops.Tensor;

/**
 * Operations by LibTorch's ATen kernels, called directly: no autograd, no Python; some of them, on
 * x86 processors, by oneDNN without ATen between ({@link DnnlKernels}).
 *
 * <p>Results go into pooled buffers wherever an operator has an {@code _out} form that does not
 * itself allocate. Matrix products of bfloat16 run in oneDNN, or in cuBLAS on a GPU, and accumulate
 * in 32 bits. On a GPU the caller does not wait for results but where it asks for numbers.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class AtenOps implements Ops {
  /** Elements a slice of AdamW: four vectors of them stay in the last-level cache. */
  static final long SLICE = 1 << 20;

  private final Precision precision;
  private final int threads;
  private final ScalarType state;
  private final ScalarType compute;
  private final AtenDevice device;
  private final AtenMemory memory;
  private final AtenTransfers transfers;
  private final AtenAttention attention;

  /** Null where oneDNN is not called directly. */
  private final DnnlKernels direct;

  /** Null where it is not used. */
  private final AtenFusedAttention fused;

  private final AtenFusedAdamW adamW;

  private final BoolPointer allGradients =
      new BoolPointer(3).put(0, true).put(1, true).put(2, true);

  /** Opens the backend on the CPU. */
  public AtenOps(Precision precision, int threads) {
    this(AtenDevice.cpu(), precision, threads);
  }

  /** Opens the backend on a device. */
  public AtenOps(AtenDevice device, Precision precision, int threads) {
    this(device, precision, threads, AttentionLimits.DEFAULT);
  }

  /** The same on the CPU with limits of its own, so that small tests reach what large models do. */
  AtenOps(Precision precision, int threads, AttentionLimits limits) {
    this(AtenDevice.cpu(), precision, threads, limits);
  }

  private AtenOps(AtenDevice device, Precision precision, int threads, AttentionLimits limits) {
    AtenLibrary.load();
    this.device = device;
    this.precision = precision;
    this.threads = threads;
    this.state = precision == Precision.DOUBLE ? ScalarType.Double : ScalarType.Float;
    this.compute = precision == Precision.BF16 ? ScalarType.BFloat16 : state;
    this.memory = new AtenMemory(device);
    this.transfers = new AtenTransfers(device, memory);
    this.attention = new AtenAttention(memory, compute, limits);
    this.direct =
        !device.apart() && Dnnl.serves(compute) ? DnnlKernels.open(memory, compute, limits) : null;
    this.fused =
        device
            .fusedAttention(compute)
            .map(kernels -> new AtenFusedAttention(memory, compute, kernels, threads))
            .orElse(null);
    this.adamW = new AtenFusedAdamW(memory, transfers);
    AtenThreads.calm();
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public String description() {
    return "aten/"
        + device.description()
        + "/"
        + precision.name().toLowerCase(Locale.ROOT)
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public Scope scope() {
    return memory.scope();
  }

  @Override
  public Scope session() {
    device.enter();
    torch.set_num_threads(threads);
    if (direct == null && compute != ScalarType.BFloat16) {
      // ATen's products of 32 and 64 bits are OpenBLAS's, which keeps threads of its own.
      BlasThreads.set(threads);
    }
    InferenceMode mode = new InferenceMode();
    Scope scope = memory.scope();
    return new Scope() {
      @Override
      public Tensor keep(Tensor tensor) {
        return scope.keep(tensor);
      }

      @Override
      public void close() {
        scope.close();
        mode.close();
      }
    };
  }

  @Override
  public void synchronize() {
    device.synchronize();
  }

  @Override
  public void trim() {
    if (direct != null) {
      direct.trim();
    }
    memory.trim();
  }

  @Override
  public Tensor stateZeros(long... shape) {
    return zeros(state, shape);
  }

  @Override
  public Tensor computeZeros(long... shape) {
    return zeros(compute, shape);
  }

  private Tensor zeros(ScalarType type, long... shape) {
    AtenTensor tensor = memory.take(type, shape);
    tensor.array().zero_();
    return tensor;
  }

  @Override
  public Tensor slice(Tensor flat, long offset, long... shape) {
    try (org.bytedeco.pytorch.Tensor part = array(flat).narrow(0, offset, Shapes.length(shape))) {
      return memory.slice(part.view(shape), shape);
    }
  }

  @Override
  public Tensor upload(float[] values, long... shape) {
    return uploaded(compute, values, shape);
  }

  @Override
  public Tensor uploadState(float[] values, long... shape) {
    return uploaded(state, values, shape);
  }

  private Tensor uploaded(ScalarType type, float[] values, long... shape) {
    AtenTensor tensor = memory.take(type, shape);
    transfers.write(values, tensor.array(), shape);
    return tensor;
  }

  @Override
  public float[] download(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.length())];
    transfers.read(array(tensor), values, tensor.shape());
    return values;
  }

  @Override
  public double[] downloadDoubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.length())];
    transfers.read(array(tensor), values, tensor.shape());
    return values;
  }

  @Override
  public void set(Tensor into, double[] values) {
    transfers.write(values, array(into), into.shape());
  }

  @Override
  public void read(Tensor flat, long offset, float[] into) {
    try (org.bytedeco.pytorch.Tensor part = array(flat).narrow(0, offset, into.length)) {
      transfers.read(part, into, into.length);
    }
  }

  @Override
  public void write(Tensor intoFlat, long offset, float[] from) {
    try (org.bytedeco.pytorch.Tensor part = array(intoFlat).narrow(0, offset, from.length)) {
      transfers.write(from, part, from.length);
    }
  }

  @Override
  public void clear(Tensor into) {
    array(into).zero_();
  }

  @Override
  public Tensor reshape(Tensor tensor, long... shape) {
    return memory.own(array(tensor).view(shape), shape);
  }

  @Override
  public Tensor permute(Tensor tensor, int... axes) {
    long[] order = Arrays.stream(axes).asLongStream().toArray();
    long[] shape = Arrays.stream(axes).mapToLong(tensor::size).toArray();
    AtenTensor permuted = memory.take(compute, shape);
    try (org.bytedeco.pytorch.Tensor view = array(tensor).permute(order)) {
      permuted.array().copy_(view);
    }
    return permuted;
  }

  @Override
  public void cast(Tensor from, Tensor into) {
    array(into).copy_(array(from));
  }

  @Override
  public Tensor linear(Tensor x_RI, Tensor w_OI, Tensor b_O) {
    AtenTensor y_RO = memory.take(compute, x_RI.size(0), w_OI.size(0));
    if (direct != null) {
      direct.linear().forward(array(x_RI), array(w_OI), array(b_O), y_RO.array());
    } else if (compute == ScalarType.BFloat16) {
      torch.addmm_out(y_RO.array(), array(b_O), array(x_RI), of(w_OI).transposed());
    } else {
      // addmm copies the bias first, and takes longer here than product and sum.
      torch.mm_out(y_RO.array(), array(x_RI), of(w_OI).transposed());
      y_RO.array().add_(array(b_O));
    }
    return y_RO;
  }

  @Override
  public Tensor linearInputGradient(Tensor dY_RO, Tensor w_OI) {
    AtenTensor dX_RI = memory.take(compute, dY_RO.size(0), w_OI.size(1));
    if (direct != null) {
      direct.linear().inputGradient(array(dY_RO), array(w_OI), dX_RI.array());
    } else {
      torch.mm_out(dX_RI.array(), array(dY_RO), array(w_OI));
    }
    return dX_RI;
  }

  @Override
  public void linearWeightGradient(Tensor dY_RO, Tensor x_RI, Tensor dW_OI, Tensor dB_O) {
    if (direct != null) {
      direct.linear().weightGradient(array(dY_RO), array(x_RI), array(dW_OI), array(dB_O));
      return;
    }
    // First the sum, while dY is still in the cache from what made it.
    torch.sum_out(array(dB_O), array(dY_RO), 0);
    torch.mm_out(array(dW_OI), of(dY_RO).transposed(), array(x_RI));
  }

  /** A result of ATen's layer norm, and what backward needs of its rows: mean and 1/√(var + ε). */
  private record Norm(Tensor y_RD, Tensor mean_R1, Tensor rstd_R1) implements Normalized {}

  @Override
  public Normalized layerNorm(Tensor x_RD, Tensor scale_D, Tensor shift_D, double epsilon) {
    if (direct != null) {
      return direct.norm().forward(of(x_RD), array(scale_D), array(shift_D), epsilon);
    }
    long rows = x_RD.size(0);
    long width = x_RD.size(1);
    try (T_TensorTensorTensor_T results =
        torch.native_layer_norm(
            array(x_RD), new long[] {width}, affine(scale_D), affine(shift_D), epsilon)) {
      return new Norm(
          memory.own(new org.bytedeco.pytorch.Tensor(results.get0()), rows, width),
          memory.own(new org.bytedeco.pytorch.Tensor(results.get1()), rows, 1),
          memory.own(new org.bytedeco.pytorch.Tensor(results.get2()), rows, 1));
    }
  }

  @Override
  public Tensor layerNormBackward(
      Tensor dY_RD,
      Tensor x_RD,
      Normalized saved,
      Tensor scale_D,
      Tensor shift_D,
      Tensor dScale_D,
      Tensor dShift_D) {
    if (saved instanceof DnnlLayerNorm.Saved own) {
      return direct
          .norm()
          .backward(
              array(dY_RD), array(x_RD), own, array(scale_D), array(dScale_D), array(dShift_D));
    }
    Norm norm = (Norm) saved;
    try (T_TensorTensorTensor_T results =
        torch.native_layer_norm_backward(
            array(dY_RD),
            array(x_RD),
            new long[] {x_RD.size(1)},
            array(norm.mean_R1()),
            array(norm.rstd_R1()),
            affine(scale_D),
            affine(shift_D),
            allGradients)) {
      array(dScale_D).copy_(results.get1());
      array(dShift_D).copy_(results.get2());
      return memory.own(new org.bytedeco.pytorch.Tensor(results.get0()), x_RD.shape());
    }
  }

  /** γ or β as layer norm takes it: the kernels of GPUs want it in the type of x. */
  private TensorOptional affine(Tensor parameter_D) {
    if (compute == state || !device.apart()) {
      return of(parameter_D).optional();
    }
    AtenTensor narrow_D = memory.take(compute, parameter_D.shape());
    narrow_D.array().copy_(array(parameter_D));
    return narrow_D.optional();
  }

  /**
   * The processor's fused kernel takes scores that are no numbers for keys that are masked, and
   * goes on. A weight of queries or keys that is none shows in every row, so the first tells; a
   * value that is none shows in the result.
   */
  @Override
  public Attended attention(Tensor qkv_RP, int images, int heads, Keep keep) {
    if (direct != null) {
      return direct.attention().forward(of(qkv_RP), images, heads, keep);
    }
    if (fused != null
        && fused.takes(qkv_RP.size(1) / 3 / heads)
        && (device.apart() || hasFiniteSum(of(qkv_RP).view("row 0", all -> all.select(0, 0))))) {
      return fused.forward(of(qkv_RP), images, heads);
    }
    return attention.forward(of(qkv_RP), images, heads, keep);
  }

  @Override
  public Tensor attentionBackward(Tensor dContext_RD, Attended saved) {
    if (saved instanceof DnnlAttention.Saved own) {
      return direct.attention().backward(of(dContext_RD), own);
    }
    if (saved instanceof AtenFusedAttention.Saved fusedSaved) {
      return fused.backward(of(dContext_RD), fusedSaved);
    }
    return attention.backward(of(dContext_RD), (AtenAttention.Saved) saved);
  }

  @Override
  public Tensor gelu(Tensor x_RF) {
    AtenTensor y_RF = memory.take(compute, x_RF.shape());
    torch.gelu_out(y_RF.array(), array(x_RF));
    return y_RF;
  }

  @Override
  public Tensor geluBackward(Tensor dY_RF, Tensor x_RF) {
    AtenTensor dX_RF = memory.take(compute, x_RF.shape());
    torch.gelu_backward_out(dX_RF.array(), array(dY_RF), array(x_RF));
    return dX_RF;
  }

  @Override
  public Tensor gatherRows(Tensor x_RD, int[] rows, Tensor other_D) {
    AtenTensor other = of(other_D);
    return gatherRowsOr(of(x_RD), rows, other.array());
  }

  @Override
  public Tensor gatherRows(Tensor x_RD, int[] rows) {
    for (int row : rows) {
      if (row < 0) {
        return gatherRowsOr(of(x_RD), rows, null);
      }
    }
    return select(of(x_RD), rows);
  }

  /** Appends the other row (zero if null) to x, so that -1 is a row like any other. */
  private Tensor gatherRowsOr(AtenTensor x_RD, int[] rows, org.bytedeco.pytorch.Tensor other_D) {
    long count = x_RD.size(0);
    AtenTensor source = memory.borrow(compute, count + 1, x_RD.size(1));
    source.view("head", all -> all.narrow(0, 0, count)).copy_(x_RD.array());
    org.bytedeco.pytorch.Tensor last = source.view("last", all -> all.select(0, count));
    if (other_D == null) {
      last.zero_();
    } else {
      last.copy_(other_D);
    }
    int[] shifted = rows.clone();
    for (int i = 0; i < shifted.length; i++) {
      if (shifted[i] < 0) {
        shifted[i] = (int) count;
      }
    }
    Tensor result = select(source, shifted);
    memory.giveBack(source);
    return result;
  }

  private AtenTensor select(AtenTensor x_RD, int[] rows) {
    AtenTensor result = memory.take(compute, rows.length, x_RD.size(1));
    AtenTensor index = index(rows);
    torch.index_select_out(result.array(), x_RD.array(), 0, index.array());
    memory.giveBack(index);
    return result;
  }

  private AtenTensor index(int[] rows) {
    AtenTensor index = memory.borrow(ScalarType.Int, rows.length);
    transfers.write(rows, index.array(), rows.length);
    return index;
  }

  @Override
  public void sumRows(Tensor x_RD, int[] rows, Tensor intoSum_D) {
    if (rows.length == 0) {
      array(intoSum_D).zero_();
      return;
    }
    try (Scope scope = memory.scope()) {
      torch.sum_out(array(intoSum_D), select(of(x_RD), rows).array(), 0);
    }
  }

  @Override
  public void add(Tensor intoSum_RD, Tensor x_RD) {
    if (isState(array(x_RD)) || !isState(array(intoSum_RD))) {
      array(intoSum_RD).add_(array(x_RD));
    } else {
      widened(x_RD, (x, start) -> part(intoSum_RD, start, x.numel()).add_(x));
    }
  }

  @Override
  public void addTable(Tensor intoSum_RD, Tensor table_TD) {
    long tokens = table_TD.size(0);
    long width = table_TD.size(1);
    of(intoSum_RD)
        .view("images" + tokens, all -> all.view(-1, tokens, width))
        .add_(array(table_TD));
  }

  @Override
  public SquaredError squaredError(Tensor prediction_RV, Tensor target_RV, int images) {
    AtenTensor error_RV = memory.take(state, target_RV.shape());
    // In two calls: a difference of two types takes ATen's slow path.
    error_RV.array().copy_(array(prediction_RV)).sub_(array(target_RV));
    AtenTensor squares = memory.borrow(state, images, target_RV.length() / images);
    torch.mul_out(
        squares.array(),
        error_RV.buffer().as(squares.shape()).array(),
        error_RV.buffer().as(squares.shape()).array());
    AtenTensor loss_B = memory.take(state, images);
    torch.mean_out(loss_B.array(), squares.array(), 1);
    memory.giveBack(squares);
    return new SquaredError(loss_B, error_RV);
  }

  @Override
  public SquaredError squaredError(
      Tensor prediction_RV, Tensor target_RV, Tensor weight_R1, int images) {
    AtenTensor error_RV = memory.borrow(state, target_RV.shape());
    error_RV.array().copy_(array(prediction_RV)).sub_(array(target_RV));
    AtenTensor weighted_RV = memory.take(state, target_RV.shape());
    torch.mul_out(weighted_RV.array(), error_RV.array(), array(weight_R1));
    error_RV.array().mul_(weighted_RV.array());
    AtenTensor loss_B = memory.take(state, images);
    torch.mean_out(
        loss_B.array(), error_RV.buffer().as(images, target_RV.length() / images).array(), 1);
    memory.giveBack(error_RV);
    return new SquaredError(loss_B, weighted_RV);
  }

  @Override
  public Tensor squaredErrorBackward(SquaredError saved, double share) {
    return scaled(saved.error_RV(), 2.0 * share / saved.error_RV().length());
  }

  /** Numbers of the state's type times a factor, in the compute type. */
  private Tensor scaled(Tensor wide, double factor) {
    AtenTensor result = memory.take(compute, wide.shape());
    AtenTensor product = memory.borrow(state, wide.shape());
    try (Scalar scale = new Scalar(factor)) {
      // In place: a product with a number has no form that does not allocate.
      product.array().copy_(array(wide)).mul_(scale);
    }
    result.array().copy_(product.array());
    memory.giveBack(product);
    return result;
  }

  @Override
  public Tensor scaleImages(Tensor x_RD, float[] factor_B) {
    long images = factor_B.length;
    AtenTensor scaled_RD = memory.take(compute, x_RD.shape());
    AtenTensor factor_B1 = memory.borrow(state, images, 1);
    transfers.write(factor_B, factor_B1.array(), images, 1);
    torch.mul_out(byImages(scaled_RD, images), byImages(of(x_RD), images), factor_B1.array());
    memory.giveBack(factor_B1);
    return scaled_RD;
  }

  private static org.bytedeco.pytorch.Tensor byImages(AtenTensor x_RD, long images) {
    return x_RD.view("of" + images, all -> all.view(images, -1));
  }

  @Override
  public Tensor meanRows(Tensor x_RD, int images) {
    long width = x_RD.size(1);
    AtenTensor mean_BD = memory.take(compute, images, width);
    org.bytedeco.pytorch.Tensor x_BTD =
        of(x_RD).view("rows of" + images, all -> all.view(images, -1, width));
    torch.mean_out(mean_BD.array(), x_BTD, 1);
    return mean_BD;
  }

  @Override
  public CrossEntropy crossEntropy(Tensor logits_BG, Tensor target_BG) {
    long images = target_BG.size(0);
    AtenTensor wide = memory.borrow(state, target_BG.shape());
    wide.array().copy_(array(logits_BG));
    AtenTensor loss_B = memory.take(state, images);
    AtenTensor slope_BG = memory.take(state, target_BG.shape());
    try (org.bytedeco.pytorch.Tensor logP = torch.log_softmax(wide.array(), 1)) {
      torch.mul_out(wide.array(), logP, array(target_BG));
      torch.sum_out(loss_B.array(), wide.array(), 1);
      loss_B.array().neg_();
      torch.exp_out(slope_BG.array(), logP);
    }
    AtenTensor total_B = memory.borrow(state, images);
    torch.sum_out(total_B.array(), array(target_BG), 1);
    slope_BG.array().mul_(total_B.buffer().as(images, 1).array()).sub_(array(target_BG));
    memory.giveBack(total_B);
    memory.giveBack(wide);
    return new CrossEntropy(loss_B, slope_BG);
  }

  @Override
  public Tensor crossEntropyBackward(CrossEntropy saved, double share) {
    return scaled(saved.slope_BG(), share / saved.slope_BG().size(0));
  }

  @Override
  public void adamW(
      AdamW settings,
      long from,
      long to,
      Tensor intoParameters,
      Tensor intoFirst,
      Tensor intoSecond,
      Tensor gradient,
      Tensor intoWorking) {
    // The operator scales in place, and takes one type: then it is given a copy of each slice.
    boolean copied = !isState(array(gradient)) || settings.gradientScale() != 1;
    long most = copied ? Math.min(SLICE, to - from) : to - from;
    AtenTensor scratch = copied ? memory.borrow(state, most) : null;
    try (AtenFusedAdamW.Steps steps = adamW.steps(settings)) {
      for (long start = from; start < to; start += most) {
        long length = Math.min(most, to - start);
        org.bytedeco.pytorch.Tensor parameters = part(intoParameters, start, length);
        org.bytedeco.pytorch.Tensor slope = part(gradient, start - from, length);
        steps.take(
            new AtenFusedAdamW.Slice(
                parameters,
                part(intoFirst, start, length),
                part(intoSecond, start, length),
                copied ? part(scratch, 0, length).copy_(slope) : slope));
        if (intoWorking != intoParameters) {
          part(intoWorking, start, length).copy_(parameters);
        }
      }
    }
    if (copied) {
      memory.giveBack(scratch);
    }
  }

  @Override
  public void descend(
      double keep,
      double rate,
      long from,
      Tensor intoParameters,
      Tensor gradient,
      Tensor intoWorking) {
    try (Scalar kept = new Scalar(keep);
        Scalar minusRate = new Scalar(-rate)) {
      widened(
          gradient,
          (slope, start) -> {
            org.bytedeco.pytorch.Tensor parameters =
                part(intoParameters, from + start, slope.numel());
            parameters.mul_(kept).add_(slope, minusRate);
            if (intoWorking != intoParameters) {
              part(intoWorking, from + start, slope.numel()).copy_(parameters);
            }
          });
    }
  }

  private static org.bytedeco.pytorch.Tensor part(Tensor flat, long start, long length) {
    return of(flat).view(start + "+" + length, all -> all.narrow(0, start, length));
  }

  @Override
  public void average(double keep, Tensor intoAverage, Tensor x) {
    try (Scalar share = new Scalar(1 - keep)) {
      array(intoAverage).lerp_(array(x), share);
    }
  }

  @Override
  public double squaredNorm(Tensor flat) {
    if (isState(array(flat))) {
      try (org.bytedeco.pytorch.Tensor norm = array(flat).norm()) {
        double value = norm.item_double();
        return value * value;
      }
    }
    // A norm in bf16 has its eight bits.
    AtenTensor sum = memory.borrow(state, 1);
    sum.array().zero_();
    widened(
        flat,
        (x, start) -> {
          try (org.bytedeco.pytorch.Tensor norm = x.norm()) {
            sum.array().addcmul_(norm, norm);
          }
        });
    double value = sum.array().item_double();
    memory.giveBack(sum);
    return value;
  }

  @Override
  public boolean isFinite(Tensor flat) {
    return hasFiniteSum(array(flat));
  }

  /** Infinities do not cancel out: their difference is no number. */
  private static boolean hasFiniteSum(org.bytedeco.pytorch.Tensor values) {
    try (org.bytedeco.pytorch.Tensor sum = values.sum()) {
      return Double.isFinite(sum.item_double());
    }
  }

  private boolean isState(org.bytedeco.pytorch.Tensor tensor) {
    return tensor.scalar_type().intern() == state;
  }

  /** What is done with some elements of a flat vector, from {@code start} on. */
  private interface SliceAction {
    void accept(org.bytedeco.pytorch.Tensor slice, long start);
  }

  /** Hands out a flat vector in the state's type, in slices that stay in the cache. */
  private void widened(Tensor flat, SliceAction action) {
    AtenTensor scratch = memory.borrow(state, Math.min(SLICE, flat.length()));
    for (long start = 0; start < flat.length(); start += SLICE) {
      long length = Math.min(SLICE, flat.length() - start);
      action.accept(part(scratch, 0, length).copy_(part(flat, start, length)), start);
    }
    memory.giveBack(scratch);
  }

  /**
   * Bytes of the buffers that hold state, activations and scratch, whether in use or kept for
   * reuse: once two steps of a batch size have run, the most that were needed at one time of each
   * length.
   */
  public long bufferBytes() {
    return memory.bufferBytes();
  }

  @Override
  public void close() {
    if (direct != null) {
      direct.close();
    }
    memory.close();
    attention.close();
    adamW.close();
    if (fused != null) {
      fused.close();
    }
    allGradients.close();
  }
}
