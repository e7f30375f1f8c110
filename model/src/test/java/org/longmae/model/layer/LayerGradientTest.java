package org.longmae.model.layer;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.model.aten.AtenApart;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Tensor;

/** Every layer's backward against central differences, on every backend. */
class LayerGradientTest {
  private static final String BACKENDS = "backends";
  private static final int IMAGES = 2;
  private static final int TOKENS = 3;
  private static final int WIDTH = 4;
  private static final int HEADS = 2;
  private static final int ROWS = IMAGES * TOKENS;

  static Stream<Ops> backends() {
    return Stream.of(
        new AtenOps(Precision.DOUBLE, 1),
        AtenApart.open(Precision.DOUBLE, 1),
        new Nd4jOps(Precision.DOUBLE, 1));
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void linearBackwardMatchesCentralDifferences(Ops backend) {
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, 3, 5);
      Linear.Params grad = checked.linearGradient(5, 2);
      Linear.Params p = checked.linear("linear", grad, 5, 2);
      checked.checkLayer(
          x,
          () -> Linear.forward(ops, x.value(), p),
          (dY, saved) -> Linear.backward(ops, dY, saved, p, grad));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void layerNormBackwardMatchesCentralDifferences(Ops backend) {
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(2, 3, 5);
      LayerNorm.Params grad = checked.normGradient(5);
      LayerNorm.Params p = checked.norm("norm", grad, 5);
      checked.checkLayer(
          x,
          () -> LayerNorm.forward(ops, x.value(), p),
          (dY, saved) -> LayerNorm.backward(ops, dY, saved, p, grad));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void attentionBackwardMatchesCentralDifferences(Ops backend) {
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, ROWS, WIDTH);
      Attention.Params grad = attentionGradient(checked);
      Attention.Params p = attention(checked, grad);
      Attention.Grouping grouping = new Attention.Grouping(IMAGES, HEADS, Ops.Keep.PROBABILITIES);
      checked.checkLayer(
          x,
          () -> Attention.forward(ops, x.value(), p, grouping),
          (dY, saved) -> Attention.backward(ops, dY, saved, p, grad));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void mlpBackwardMatchesCentralDifferences(Ops backend) {
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, 3, 2);
      Mlp.Params grad = new Mlp.Params(checked.linearGradient(2, 8), checked.linearGradient(8, 2));
      Mlp.Params p =
          new Mlp.Params(
              checked.linear("widen", grad.widen(), 2, 8),
              checked.linear("narrow", grad.narrow(), 8, 2));
      checked.checkLayer(
          x,
          () -> Mlp.forward(ops, x.value(), p),
          (dY, saved) -> Mlp.backward(ops, dY, saved, p, grad));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void blockBackwardMatchesCentralDifferences(Ops backend) {
    requireBlockBackwardMatches(backend, Rows.ALL, Paths.ALL);
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void blockOfSomeRowsBackwardMatchesCentralDifferences(Ops backend) {
    // Rows that are not asked for still get a gradient: the others look at them.
    requireBlockBackwardMatches(backend, Rows.of(new int[] {4, 0, 5}, ROWS), Paths.ALL);
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void blockThatImagesPassByBackwardMatchesCentralDifferences(Ops backend) {
    // One image without attention, the other without MLP; what is left counts for more.
    Paths paths = new Paths(new float[] {0, 1.25f}, new float[] {2, 0});
    requireBlockBackwardMatches(backend, Rows.of(new int[] {1, 2, 4, 5}, ROWS), paths);
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void meanPoolBackwardMatchesCentralDifferences(Ops backend) {
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, ROWS, WIDTH);
      checked.checkLayer(
          x,
          () -> MeanPool.forward(ops, x.value(), IMAGES),
          (dY, saved) -> MeanPool.backward(ops, dY, saved));
    }
  }

  private static void requireBlockBackwardMatches(Ops backend, Rows rows, Paths paths) {
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, ROWS, WIDTH);
      TransformerBlock.Params grad = blockGradient(checked);
      TransformerBlock.Params p = block(checked, grad);
      Attention.Grouping grouping = new Attention.Grouping(IMAGES, HEADS, Ops.Keep.PROBABILITIES);
      checked.checkLayer(
          x,
          () -> TransformerBlock.forward(ops, x.value(), p, grouping, rows, paths),
          (dY, saved) -> TransformerBlock.backward(ops, dY, saved, p, grad, rows, paths));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void downsampleBackwardMatchesCentralDifferences(Ops backend) {
    // Two cells of four tokens, from width 3 to width 2.
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, 8, 3);
      Downsample.Params grad = new Downsample.Params(ops.stateZeros(2, 3, 4), ops.stateZeros(2));
      Downsample.Params p =
          new Downsample.Params(
              checked.variable("weight", 0, grad.weight_OIM(), 2, 3, 4),
              checked.variable("bias", 0, grad.bias_O(), 2));
      checked.checkLayer(
          x,
          () -> Downsample.forward(ops, x.value(), p),
          (dY, saved) -> Downsample.backward(ops, dY, saved, p, grad));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void upsampleBackwardMatchesCentralDifferences(Ops backend) {
    // Two tokens to cells of four, from width 3 to width 2.
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Checked.Variable x = checked.input(0, 2, 3);
      Upsample.Params grad = new Upsample.Params(ops.stateZeros(3, 2, 4), ops.stateZeros(2));
      Upsample.Params p =
          new Upsample.Params(
              checked.variable("weight", 0, grad.weight_IOM(), 3, 2, 4),
              checked.variable("bias", 0, grad.bias_O(), 2));
      checked.checkLayer(
          x,
          () -> Upsample.forward(ops, x.value(), p),
          (dY, saved) -> Upsample.backward(ops, dY, saved, p, grad));
    }
  }

  @ParameterizedTest
  @MethodSource(BACKENDS)
  void rowsBackwardMatchesCentralDifferences(Ops backend) {
    // Row 1 is not taken, the token twice.
    Rows rows = Rows.of(new int[] {-1, 2, 0, -1}, 3);
    try (Ops ops = backend) {
      Checked checked = new Checked(ops);
      Tensor dX = ops.stateZeros(3, 2);
      Tensor dToken = ops.stateZeros(2);
      Tensor x = checked.variable("x", 0, dX, 3, 2);
      Tensor token = checked.variable("token", 0, dToken, 2);
      checked.check(
          () -> rows.forward(ops, x, token), dY -> ops.cast(rows.backward(ops, dY, dToken), dX));
    }
  }

  private static Attention.Params attentionGradient(Checked checked) {
    return new Attention.Params(
        checked.linearGradient(WIDTH, 3 * WIDTH), checked.linearGradient(WIDTH, WIDTH));
  }

  private static Attention.Params attention(Checked checked, Attention.Params grad) {
    return new Attention.Params(
        checked.linear("qkv", grad.qkv(), WIDTH, 3 * WIDTH),
        checked.linear("projection", grad.projection(), WIDTH, WIDTH));
  }

  private static TransformerBlock.Params blockGradient(Checked checked) {
    return new TransformerBlock.Params(
        checked.normGradient(WIDTH),
        attentionGradient(checked),
        checked.normGradient(WIDTH),
        new Mlp.Params(
            checked.linearGradient(WIDTH, 4 * WIDTH), checked.linearGradient(4 * WIDTH, WIDTH)));
  }

  private static TransformerBlock.Params block(Checked checked, TransformerBlock.Params grad) {
    return new TransformerBlock.Params(
        checked.norm("norm1", grad.norm1(), WIDTH),
        attention(checked, grad.attention()),
        checked.norm("norm2", grad.norm2(), WIDTH),
        new Mlp.Params(
            checked.linear("widen", grad.mlp().widen(), WIDTH, 4 * WIDTH),
            checked.linear("narrow", grad.mlp().narrow(), 4 * WIDTH, WIDTH)));
  }
}
