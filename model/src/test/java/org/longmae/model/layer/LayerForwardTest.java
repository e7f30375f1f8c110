package org.longmae.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.model.RelativeError;
import org.longmae.model.TestBackend;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Shapes;
import org.longmae.model.ops.Tensor;

/**
 * Every layer's forward against its formula in double. All numbers put in are multiples of 1/64
 * below 8, so that every precision sees the same ones and only the layer's own rounding is left.
 */
@SuppressWarnings("try") // A scope acts by closing.
class LayerForwardTest {
  private static final int IMAGES = 3;
  private static final int TOKENS = 5;
  private static final int WIDTH = 8;
  private static final int HEADS = 2;
  private static final int ROWS = IMAGES * TOKENS;
  private static final Attention.Grouping GROUPING =
      new Attention.Grouping(IMAGES, HEADS, Ops.Keep.NOTHING);

  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @EnumSource
  void linearMatchesNaive(TestBackend backend) {
    double[] x = values(0, 3, 5);
    double[] weight = values(0, 2, 5);
    double[] bias = values(0, 2);
    double[] actual =
        run(
            backend,
            ops -> {
              Linear.Params p =
                  new Linear.Params(compute(ops, weight, 2, 5), compute(ops, bias, 2));
              return Linear.forward(ops, compute(ops, x, 3, 5), p).y();
            });
    assertClose(backend, actual, NaiveLinear.forward(x, weight, bias));
  }

  @ParameterizedTest
  @EnumSource
  void layerNormMatchesNaive(TestBackend backend) {
    // A mean that is not zero, and a row so flat that ε decides.
    double[] x = values(2, 3, 5);
    for (int i = 0; i < 5; i++) {
      x[i] = 1;
    }
    x[4] += 0x1p-7;
    double[] scale = values(1, 5);
    double[] shift = values(0, 5);
    double[] actual =
        run(
            backend,
            ops -> {
              LayerNorm.Params p = new LayerNorm.Params(state(ops, scale, 5), state(ops, shift, 5));
              return LayerNorm.forward(ops, compute(ops, x, 3, 5), p).y();
            });
    assertClose(backend, actual, NaiveLayerNorm.forward(x, scale, shift));
  }

  @ParameterizedTest
  @EnumSource
  void geluMatchesNaive(TestBackend backend) {
    // Both tails, zero, and both signs of small numbers.
    double[] x = new double[257];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 128) / 16.0;
    }
    double[] actual = run(backend, ops -> ops.gelu(compute(ops, x, 1, x.length)));
    assertClose(backend, actual, NaiveGelu.forward(x));
  }

  @ParameterizedTest
  @EnumSource
  void attentionMatchesNaive(TestBackend backend) {
    double[] x = values(0, ROWS, WIDTH);
    Map<String, double[]> weights = blockWeights();
    double[] actual =
        run(
            backend,
            ops -> {
              Attention.Params p = block(ops, weights).attention();
              return Attention.forward(ops, compute(ops, x, ROWS, WIDTH), p, GROUPING).y();
            });
    double[] qkv =
        NaiveLinear.forward(x, weights.get("b.attn.qkv.weight"), weights.get("b.attn.qkv.bias"));
    double[] context = NaiveAttention.context(qkv, IMAGES, TOKENS, HEADS, WIDTH / HEADS);
    double[] expected =
        NaiveLinear.forward(
            context, weights.get("b.attn.proj.weight"), weights.get("b.attn.proj.bias"));
    assertClose(backend, actual, expected);
  }

  @ParameterizedTest
  @EnumSource
  void mlpMatchesNaive(TestBackend backend) {
    double[] x = values(0, ROWS, WIDTH);
    Map<String, double[]> weights = blockWeights();
    double[] actual =
        run(
            backend,
            ops -> {
              Mlp.Params p = block(ops, weights).mlp();
              return Mlp.forward(ops, compute(ops, x, ROWS, WIDTH), p).y();
            });
    double[] expected =
        NaiveMlp.forward(
            x,
            weights.get("b.mlp.fc1.weight"),
            weights.get("b.mlp.fc1.bias"),
            weights.get("b.mlp.fc2.weight"),
            weights.get("b.mlp.fc2.bias"));
    assertClose(backend, actual, expected);
  }

  @ParameterizedTest
  @EnumSource
  void blockMatchesNaive(TestBackend backend) {
    double[] x = values(0, ROWS, WIDTH);
    Map<String, double[]> weights = blockWeights();
    int[] chosen = {7, 0, 14};
    double[] all = runBlock(backend, x, weights, Rows.ALL);
    double[] some = runBlock(backend, x, weights, Rows.of(chosen, ROWS));
    double[] expected = NaiveTransformerBlock.forward(x, IMAGES, HEADS, "b", weights::get);
    assertClose(backend, all, expected);
    double[] expectedSome = new double[chosen.length * WIDTH];
    for (int row = 0; row < chosen.length; row++) {
      System.arraycopy(expected, chosen[row] * WIDTH, expectedSome, row * WIDTH, WIDTH);
    }
    assertClose(backend, some, expectedSome);
  }

  private static double[] runBlock(
      TestBackend backend, double[] x, Map<String, double[]> weights, Rows rows) {
    return run(
        backend,
        ops -> {
          Tensor x_RD = compute(ops, x, ROWS, WIDTH);
          return TransformerBlock.forward(ops, x_RD, block(ops, weights), GROUPING, rows, Paths.ALL)
              .y();
        });
  }

  private static double[] run(TestBackend backend, Function<Ops, Tensor> forward) {
    try (Ops ops = backend.open();
        Scope session = ops.session()) {
      return ops.downloadDoubles(forward.apply(ops));
    }
  }

  /** Smaller weights than the inputs, as in a trained model; norms around 1. */
  private Map<String, double[]> blockWeights() {
    Map<String, double[]> weights = new HashMap<>();
    for (String norm : new String[] {"b.norm1", "b.norm2"}) {
      weights.put(norm + ".weight", values(1, WIDTH));
      weights.put(norm + ".bias", values(0, WIDTH));
    }
    putLinear(weights, "b.attn.qkv", WIDTH, 3 * WIDTH);
    putLinear(weights, "b.attn.proj", WIDTH, WIDTH);
    putLinear(weights, "b.mlp.fc1", WIDTH, 4 * WIDTH);
    putLinear(weights, "b.mlp.fc2", 4 * WIDTH, WIDTH);
    return weights;
  }

  private void putLinear(Map<String, double[]> weights, String name, int in, int out) {
    double[] weight = values(0, out, in);
    for (int i = 0; i < weight.length; i++) {
      weight[i] /= 4;
    }
    weights.put(name + ".weight", weight);
    weights.put(name + ".bias", values(0, out));
  }

  private static TransformerBlock.Params block(Ops ops, Map<String, double[]> weights) {
    return new TransformerBlock.Params(
        norm(ops, weights, "b.norm1"),
        new Attention.Params(
            linear(ops, weights, "b.attn.qkv"), linear(ops, weights, "b.attn.proj")),
        norm(ops, weights, "b.norm2"),
        new Mlp.Params(linear(ops, weights, "b.mlp.fc1"), linear(ops, weights, "b.mlp.fc2")));
  }

  private static Linear.Params linear(Ops ops, Map<String, double[]> weights, String name) {
    double[] weight = weights.get(name + ".weight");
    double[] bias = weights.get(name + ".bias");
    return new Linear.Params(
        compute(ops, weight, bias.length, weight.length / bias.length),
        compute(ops, bias, bias.length));
  }

  private static LayerNorm.Params norm(Ops ops, Map<String, double[]> weights, String name) {
    return new LayerNorm.Params(
        state(ops, weights.get(name + ".weight"), WIDTH),
        state(ops, weights.get(name + ".bias"), WIDTH));
  }

  private double[] values(double centre, long... shape) {
    double[] values = new double[(int) Shapes.length(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.rint(random.nextDouble(centre - 1, centre + 1) * 64) / 64;
    }
    return values;
  }

  private static Tensor compute(Ops ops, double[] values, long... shape) {
    return filled(ops, ops.computeZeros(shape), values);
  }

  private static Tensor state(Ops ops, double[] values, long... shape) {
    return filled(ops, ops.stateZeros(shape), values);
  }

  private static Tensor filled(Ops ops, Tensor into, double[] values) {
    ops.set(into, values);
    return into;
  }

  private static void assertClose(TestBackend backend, double[] actual, double[] expected) {
    assertThat(RelativeError.of(actual, expected)).isLessThan(backend.tolerance());
  }
}
