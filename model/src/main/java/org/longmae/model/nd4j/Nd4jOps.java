package org.longmae.model.nd4j;

import static org.longmae.model.nd4j.Nd4jTensor.array;

import java.util.Locale;
import org.longmae.model.ops.AdamW;
import org.longmae.model.ops.BlasThreads;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Shapes;
import org.longmae.model.ops.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Operations by ND4J, on any of its backends: the portable path, and the second opinion that the
 * fast one is checked against.
 *
 * <p>Ops of ND4J 1.0.0-M2.1 whose results are wrong for this are avoided: {@code layer_norm} (no
 * ε), {@code GELU} and {@code PreciseGELU} (approximations, one of them mistaken), {@code gather}'s
 * backward (loses duplicates). Matrix products write into the transpose of a row-major result,
 * which is the column-major array that the BLAS wants; a row-major one costs a copy.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class Nd4jOps implements Ops {
  private static final long SLICE = 1 << 20;
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

  private final Precision precision;
  private final int threads;
  private final DataType type;
  private final Nd4jMemory memory = new Nd4jMemory();
  private final Nd4jAttention attention;

  /**
   * Opens the backend.
   *
   * @param precision not BF16: ND4J multiplies bfloat16 by naive loops
   */
  public Nd4jOps(Precision precision, int threads) {
    if (precision == Precision.BF16) {
      throw new IllegalArgumentException("ND4J has no fast matrix product of bfloat16");
    }
    this.precision = precision;
    this.threads = threads;
    this.type = precision == Precision.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    this.attention = new Nd4jAttention(memory, type);
  }

  /** Whether the ND4J of this build computes on a GPU. */
  public static boolean computesOnGpu() {
    return !Nd4j.getBackend().getClass().getSimpleName().startsWith("Cpu");
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public String description() {
    return String.format(
        "nd4j/%s/%s, %s %s",
        computesOnGpu() ? "gpu" : "cpu",
        precision.name().toLowerCase(Locale.ROOT),
        threads,
        threads == 1 ? "thread" : "threads");
  }

  @Override
  public Scope scope() {
    return memory.scope();
  }

  @Override
  public Scope session() {
    Nd4j.getEnvironment().setMaxThreads(threads);
    BlasThreads.set(threads);
    return memory.scope();
  }

  @Override
  public void trim() {
    // Nothing is kept for reuse.
  }

  private Tensor tensor(INDArray array) {
    return new Nd4jTensor(array);
  }

  @Override
  public Tensor stateZeros(long... shape) {
    INDArray zeros = memory.take(type, shape);
    return tensor(zeros.assign(0));
  }

  @Override
  public Tensor computeZeros(long... shape) {
    return stateZeros(shape);
  }

  @Override
  public Tensor slice(Tensor flat, long offset, long... shape) {
    return tensor(part(flat, offset, offset + Shapes.length(shape)).reshape('c', shape));
  }

  private static INDArray part(Tensor flat, long from, long to) {
    return array(flat).get(NDArrayIndex.interval(from, to));
  }

  @Override
  public Tensor upload(float[] values, long... shape) {
    INDArray single = memory.own(Nd4j.create(values, shape, 'c'));
    return tensor(type == DataType.FLOAT ? single : memory.own(single.castTo(type)));
  }

  @Override
  public Tensor uploadState(float[] values, long... shape) {
    return upload(values, shape);
  }

  @Override
  public float[] download(Tensor tensor) {
    return array(tensor).reshape(-1).toFloatVector();
  }

  @Override
  public double[] downloadDoubles(Tensor tensor) {
    return array(tensor).reshape(-1).toDoubleVector();
  }

  @Override
  public void set(Tensor into, double[] values) {
    try (Scope scope = memory.scope()) {
      array(into).assign(memory.own(Nd4j.create(values, into.shape(), 'c')));
    }
  }

  @Override
  public void read(Tensor flat, long offset, float[] into) {
    float[] part = part(flat, offset, offset + into.length).toFloatVector();
    System.arraycopy(part, 0, into, 0, into.length);
  }

  @Override
  public void write(Tensor intoFlat, long offset, float[] from) {
    try (Scope scope = memory.scope()) {
      part(intoFlat, offset, offset + from.length)
          .assign(memory.own(Nd4j.create(from, new long[] {from.length}, 'c')));
    }
  }

  @Override
  public void clear(Tensor into) {
    array(into).assign(0);
  }

  @Override
  public Tensor reshape(Tensor tensor, long... shape) {
    return tensor(array(tensor).reshape('c', shape));
  }

  @Override
  public Tensor permute(Tensor tensor, int... axes) {
    return tensor(memory.own(array(tensor).permute(axes).dup('c')));
  }

  @Override
  public void cast(Tensor from, Tensor into) {
    array(into).assign(array(from));
  }

  @Override
  public Tensor linear(Tensor x_RI, Tensor w_OI, Tensor b_O) {
    INDArray y_RO = memory.take(type, x_RI.size(0), w_OI.size(0));
    Nd4j.gemm(array(w_OI), array(x_RI), y_RO.transpose(), false, true, 1, 0);
    return tensor(y_RO.addiRowVector(array(b_O)));
  }

  @Override
  public Tensor linearInputGradient(Tensor dY_RO, Tensor w_OI) {
    INDArray dX_RI = memory.take(type, dY_RO.size(0), w_OI.size(1));
    Nd4j.gemm(array(w_OI), array(dY_RO), dX_RI.transpose(), true, true, 1, 0);
    return tensor(dX_RI);
  }

  @Override
  public void linearWeightGradient(Tensor dY_RO, Tensor x_RI, Tensor dW_OI, Tensor dB_O) {
    Nd4j.gemm(array(x_RI), array(dY_RO), array(dW_OI).transpose(), true, false, 1, 0);
    array(dY_RO).sum(array(dB_O), 0);
  }

  /** A result of layer norm, and what backward needs of its rows: mean and 1/√(var + ε). */
  private record Norm(Tensor y_RD, INDArray mean_R1, INDArray rstd_R1) implements Normalized {}

  @Override
  public Normalized layerNorm(Tensor x_RD, Tensor scale_D, Tensor shift_D, double epsilon) {
    try (Scope scope = memory.scope()) {
      INDArray mean_R1 = memory.own(array(x_RD).mean(true, 1));
      INDArray xHat_RD = memory.own(array(x_RD).subColumnVector(mean_R1));
      INDArray squares_RD = memory.own(xHat_RD.mul(xHat_RD));
      INDArray rstd_R1 = memory.own(squares_RD.mean(true, 1)).addi(epsilon);
      Transforms.sqrt(rstd_R1, false).rdivi(1);
      xHat_RD.muliColumnVector(rstd_R1);
      xHat_RD.muliRowVector(array(scale_D)).addiRowVector(array(shift_D));
      Tensor y_RD = scope.keep(tensor(xHat_RD));
      scope.keep(tensor(mean_R1));
      scope.keep(tensor(rstd_R1));
      return new Norm(y_RD, mean_R1, rstd_R1);
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
    try (Scope scope = memory.scope()) {
      Norm norm = (Norm) saved;
      INDArray rstd_R1 = norm.rstd_R1();
      INDArray xHat_RD = memory.own(array(x_RD).subColumnVector(norm.mean_R1()));
      xHat_RD.muliColumnVector(rstd_R1);
      INDArray product_RD = memory.own(array(dY_RD).mul(xHat_RD));
      product_RD.sum(array(dScale_D), 0);
      array(dY_RD).sum(array(dShift_D), 0);
      INDArray dXHat_RD = memory.own(array(dY_RD).mulRowVector(array(scale_D)));
      INDArray mean_R1 = memory.own(dXHat_RD.mean(true, 1));
      product_RD.muliRowVector(array(scale_D));
      INDArray alongXHat_R1 = memory.own(product_RD.mean(true, 1));
      xHat_RD.muliColumnVector(alongXHat_R1);
      dXHat_RD.subiColumnVector(mean_R1).subi(xHat_RD).muliColumnVector(rstd_R1);
      return scope.keep(tensor(dXHat_RD));
    }
  }

  @Override
  public Attended attention(Tensor qkv_RP, int images, int heads, Keep keep) {
    return attention.forward(array(qkv_RP), images, heads, keep);
  }

  @Override
  public Tensor attentionBackward(Tensor dContext_RD, Attended saved) {
    return attention.backward(array(dContext_RD), (Nd4jAttention.Saved) saved);
  }

  @Override
  public Tensor gelu(Tensor x_RF) {
    return tensor(twicePhi(array(x_RF)).muli(array(x_RF)).muli(0.5));
  }

  /** 2 Φ(x) = 1 + erf(x/√2), new. */
  private INDArray twicePhi(INDArray x_RF) {
    INDArray y_RF = memory.own(x_RF.div(SQRT_2));
    return Nd4j.getExecutioner().exec(new Erf(y_RF, y_RF)).addi(1);
  }

  @Override
  public Tensor geluBackward(Tensor dY_RF, Tensor x_RF) {
    try (Scope scope = memory.scope()) {
      INDArray x = array(x_RF);
      INDArray slope_RF = memory.own(x.mul(x)).muli(-0.5);
      Transforms.exp(slope_RF, false).muli(x).muli(DENSITY_AT_0);
      slope_RF.addi(twicePhi(x).muli(0.5)).muli(array(dY_RF));
      return scope.keep(tensor(slope_RF));
    }
  }

  @Override
  public Tensor gatherRows(Tensor x_RD, int[] rows, Tensor other_D) {
    return gather(array(x_RD), rows, array(other_D));
  }

  @Override
  public Tensor gatherRows(Tensor x_RD, int[] rows) {
    try (Scope scope = memory.scope()) {
      return scope.keep(gather(array(x_RD), rows, array(stateZeros(x_RD.size(1)))));
    }
  }

  /** Appends the other row, so that -1 is a row like any other. */
  private Tensor gather(INDArray x_RD, int[] rows, INDArray other_D) {
    int count = (int) x_RD.size(0);
    int[] shifted = rows.clone();
    for (int i = 0; i < shifted.length; i++) {
      if (shifted[i] < 0) {
        shifted[i] = count;
      }
    }
    try (Scope scope = memory.scope()) {
      INDArray source = memory.own(Nd4j.vstack(x_RD, other_D.reshape(1, x_RD.size(1))));
      return scope.keep(pull(source, shifted));
    }
  }

  private Tensor pull(INDArray source, int[] rows) {
    return tensor(memory.own(Nd4j.pullRows(source, 1, rows, 'c')));
  }

  @Override
  public void sumRows(Tensor x_RD, int[] rows, Tensor intoSum_D) {
    if (rows.length == 0) {
      clear(intoSum_D);
      return;
    }
    try (Scope scope = memory.scope()) {
      array(pull(array(x_RD), rows)).sum(array(intoSum_D), 0);
    }
  }

  @Override
  public void add(Tensor intoSum_RD, Tensor x_RD) {
    array(intoSum_RD).addi(array(x_RD));
  }

  @Override
  public void addTable(Tensor intoSum_RD, Tensor table_TD) {
    long images = intoSum_RD.size(0) / table_TD.size(0);
    array(intoSum_RD)
        .reshape('c', images, table_TD.length())
        .addiRowVector(array(table_TD).reshape(table_TD.length()));
  }

  @Override
  public SquaredError squaredError(Tensor prediction_RV, Tensor target_RV, int images) {
    try (Scope scope = memory.scope()) {
      INDArray error_RV = memory.own(array(prediction_RV).sub(array(target_RV)));
      INDArray squares = memory.own(error_RV.mul(error_RV));
      INDArray loss_B = memory.own(squares.reshape('c', images, squares.length() / images).mean(1));
      return new SquaredError(scope.keep(tensor(loss_B)), scope.keep(tensor(error_RV)));
    }
  }

  @Override
  public SquaredError squaredError(
      Tensor prediction_RV, Tensor target_RV, Tensor weight_R1, int images) {
    try (Scope scope = memory.scope()) {
      INDArray error_RV = memory.own(array(prediction_RV).sub(array(target_RV)));
      INDArray weighted_RV = memory.own(error_RV.mulColumnVector(array(weight_R1)));
      INDArray squares = error_RV.muli(weighted_RV);
      INDArray loss_B = memory.own(squares.reshape('c', images, squares.length() / images).mean(1));
      return new SquaredError(scope.keep(tensor(loss_B)), scope.keep(tensor(weighted_RV)));
    }
  }

  @Override
  public Tensor squaredErrorBackward(SquaredError saved, double share) {
    double scale = 2.0 * share / saved.error_RV().length();
    return tensor(memory.own(array(saved.error_RV()).mul(scale)));
  }

  @Override
  public Tensor scaleImages(Tensor x_RD, float[] factor_B) {
    try (Scope scope = memory.scope()) {
      long images = factor_B.length;
      INDArray factor_B1 = array(upload(factor_B, images, 1));
      INDArray scaled = memory.own(array(x_RD).dup('c'));
      scaled.reshape('c', images, scaled.length() / images).muliColumnVector(factor_B1);
      return scope.keep(tensor(scaled));
    }
  }

  @Override
  public Tensor meanRows(Tensor x_RD, int images) {
    long width = x_RD.size(1);
    INDArray mean_BD = memory.take(type, images, width);
    array(x_RD).reshape('c', images, x_RD.size(0) / images, width).mean(mean_BD, 1);
    return tensor(mean_BD);
  }

  @Override
  public CrossEntropy crossEntropy(Tensor logits_BG, Tensor target_BG) {
    try (Scope scope = memory.scope()) {
      INDArray target = array(target_BG);
      INDArray most_B1 = memory.own(array(logits_BG).max(true, 1));
      INDArray logP_BG = memory.own(array(logits_BG).subColumnVector(most_B1));
      INDArray p_BG = memory.own(Transforms.exp(logP_BG, true));
      INDArray sum_B1 = memory.own(p_BG.sum(true, 1));
      p_BG.diviColumnVector(sum_B1);
      logP_BG.subiColumnVector(Transforms.log(sum_B1, false)).muli(target);
      INDArray loss_B = memory.own(logP_BG.sum(1)).negi();
      p_BG.muliColumnVector(memory.own(target.sum(true, 1))).subi(target);
      return new CrossEntropy(scope.keep(tensor(loss_B)), scope.keep(tensor(p_BG)));
    }
  }

  @Override
  public Tensor crossEntropyBackward(CrossEntropy saved, double share) {
    double scale = share / saved.slope_BG().size(0);
    return tensor(memory.own(array(saved.slope_BG()).mul(scale)));
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
    try (Scope scope = memory.scope()) {
      INDArray slope = array(gradient);
      if (settings.gradientScale() != 1) {
        slope = memory.own(slope.mul(settings.gradientScale()));
      }
      INDArray first = part(intoFirst, from, to).muli(settings.beta1());
      first.addi(memory.own(slope.mul(1 - settings.beta1())));
      INDArray squares = memory.own(slope.mul(slope)).muli(1 - settings.beta2());
      INDArray second = part(intoSecond, from, to).muli(settings.beta2()).addi(squares);
      INDArray root = Transforms.sqrt(squares.assign(second), false);
      root.addi(settings.correctedEpsilon());
      INDArray change = memory.own(first.div(root)).muli(settings.correctedRate());
      part(intoParameters, from, to).muli(settings.keep()).subi(change);
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
    try (Scope scope = memory.scope()) {
      INDArray change = memory.own(array(gradient).mul(rate));
      part(intoParameters, from, from + gradient.length()).muli(keep).subi(change);
    }
  }

  @Override
  public void average(double keep, Tensor intoAverage, Tensor x) {
    // In slices: ND4J multiplies into a new array.
    for (long from = 0; from < x.length(); from += SLICE) {
      long to = Math.min(x.length(), from + SLICE);
      try (Scope scope = memory.scope()) {
        INDArray change = memory.own(part(x, from, to).mul(1 - keep));
        part(intoAverage, from, to).muli(keep).addi(change);
      }
    }
  }

  @Override
  public double squaredNorm(Tensor flat) {
    double norm = array(flat).norm2Number().doubleValue();
    return norm * norm;
  }

  @Override
  public void close() {
    memory.close();
  }
}
