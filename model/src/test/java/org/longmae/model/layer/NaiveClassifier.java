package org.longmae.model.layer;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.longmae.conf.EvaluateConfig.Pooling;
import org.longmae.model.ClassifierSpec;
import org.longmae.model.EncoderSpec;
import org.longmae.model.LabelledBatch;

/**
 * The classifier, one picture at a time, in double, with loops, every token to the end: what the
 * fast one is checked against.
 *
 * @param weights by their names in the state dict
 */
public record NaiveClassifier(ClassifierSpec spec, Function<String, double[]> weights) {
  /** −Σ t · log softmax of each picture, averaged. */
  public double loss(LabelledBatch batch) {
    double[] scores = scores(batch.images_BCHW(), batch.paths());
    int classes = spec.classes();
    int images = scores.length / classes;
    double sum = 0;
    for (int image = 0; image < images; image++) {
      double all = 0;
      for (int g = 0; g < classes; g++) {
        all += Math.exp(scores[image * classes + g]);
      }
      for (int g = 0; g < classes; g++) {
        int i = image * classes + g;
        sum -= batch.targets_BG()[i] * (scores[i] - Math.log(all));
      }
    }
    return sum / images;
  }

  /** Scores of the classes of every picture; with no paths, all branches count once. */
  public double[] scores(float[] images_BCHW, List<Paths> paths) {
    int values = spec.encoder().imageValues();
    int images = images_BCHW.length / values;
    double[] scores = new double[images * spec.classes()];
    for (int image = 0; image < images; image++) {
      float[] pixels = Arrays.copyOfRange(images_BCHW, image * values, (image + 1) * values);
      double[] one = scores(pixels, image, paths);
      System.arraycopy(one, 0, scores, image * one.length, one.length);
    }
    return scores;
  }

  private double[] scores(float[] image_CHW, int image, List<Paths> paths) {
    EncoderSpec encoder = spec.encoder();
    int width = encoder.encoder().width();
    int tokens = encoder.patches() + 1;
    double[] x_TD = new double[tokens * width];
    for (int token = 0; token < tokens; token++) {
      double[] value_D =
          token == 0
              ? weights.apply("cls_token")
              : linear(patch(image_CHW, token - 1), "patch_embed.proj");
      for (int i = 0; i < width; i++) {
        x_TD[token * width + i] = value_D[i] + weights.apply("pos_embed")[token * width + i];
      }
    }
    for (int block = 0; block < encoder.encoder().depth(); block++) {
      Paths path = paths.isEmpty() ? null : paths.get(block);
      x_TD = block(x_TD, "blocks." + block, path, image);
    }
    double[] pooled_D = new double[width];
    for (int i = 0; i < width; i++) {
      for (int token = 1; token < tokens; token++) {
        pooled_D[i] += x_TD[token * width + i] / (tokens - 1);
      }
    }
    if (spec.pooling() == Pooling.CLASS) {
      pooled_D = Arrays.copyOf(x_TD, width);
    }
    return linear(norm(pooled_D, spec.pooling() == Pooling.MEAN ? "fc_norm" : "norm"), "head");
  }

  /** A branch's share of a block: the block without the other branch, less its input. */
  private double[] block(double[] x, String name, Paths path, int image) {
    int heads = spec.encoder().encoder().heads();
    Function<String, double[]> noMlp =
        other ->
            other.contains(".mlp.fc2")
                ? new double[weights.apply(other).length]
                : weights.apply(other);
    double[] attended = NaiveTransformerBlock.forward(x, 1, heads, name, noMlp);
    double[] u = plus(x, attended, path == null ? 1 : path.attention_B()[image]);
    Function<String, double[]> noAttention =
        other ->
            other.contains(".attn.proj")
                ? new double[weights.apply(other).length]
                : weights.apply(other);
    double[] changed = NaiveTransformerBlock.forward(u, 1, heads, name, noAttention);
    return plus(u, changed, path == null ? 1 : path.mlp_B()[image]);
  }

  /** x + factor · (y − x). */
  private static double[] plus(double[] x, double[] y, double factor) {
    double[] sum = new double[x.length];
    Arrays.setAll(sum, i -> x[i] + factor * (y[i] - x[i]));
    return sum;
  }

  private double[] patch(float[] image_CHW, int patch) {
    EncoderSpec encoder = spec.encoder();
    int side = encoder.patchSize();
    int cols = encoder.grid().cols();
    int height = encoder.grid().rows() * side;
    int width = cols * side;
    double[] values = new double[encoder.patchValues()];
    for (int i = 0; i < values.length; i++) {
      int y = patch / cols * side + i / side % side;
      int x = patch % cols * side + i % side;
      values[i] = image_CHW[(i / (side * side) * height + y) * width + x];
    }
    return values;
  }

  private double[] norm(double[] x, String name) {
    return NaiveLayerNorm.forward(
        x, weights.apply(name + ".weight"), weights.apply(name + ".bias"));
  }

  private double[] linear(double[] x, String name) {
    return NaiveLinear.forward(x, weights.apply(name + ".weight"), weights.apply(name + ".bias"));
  }
}
