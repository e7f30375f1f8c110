package org.longmae.model.layer;

import java.util.function.Function;

/** A pre-norm block as its formula says, in double. */
public final class NaiveTransformerBlock {
  private NaiveTransformerBlock() {}

  /**
   * u = x + Attention(LayerNorm(x)), y = u + Mlp(LayerNorm(u)).
   *
   * @param name of the block, such as {@code blocks.0}
   * @param weights by their names in the state dict
   */
  public static double[] forward(
      double[] x, int images, int heads, String name, Function<String, double[]> weights) {
    Function<String, double[]> own = suffix -> weights.apply(name + suffix);
    int width = own.apply(".norm1.weight").length;
    int tokens = x.length / width / images;
    double[] qkv =
        NaiveLinear.forward(
            norm(x, ".norm1", own), own.apply(".attn.qkv.weight"), own.apply(".attn.qkv.bias"));
    double[] context = NaiveAttention.context(qkv, images, tokens, heads, width / heads);
    double[] attended =
        NaiveLinear.forward(context, own.apply(".attn.proj.weight"), own.apply(".attn.proj.bias"));
    double[] u = sum(x, attended);
    double[] transformed =
        NaiveMlp.forward(
            norm(u, ".norm2", own),
            own.apply(".mlp.fc1.weight"),
            own.apply(".mlp.fc1.bias"),
            own.apply(".mlp.fc2.weight"),
            own.apply(".mlp.fc2.bias"));
    return sum(u, transformed);
  }

  private static double[] norm(double[] x, String name, Function<String, double[]> own) {
    return NaiveLayerNorm.forward(x, own.apply(name + ".weight"), own.apply(name + ".bias"));
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
