package org.longmae.model.layer;

import java.util.Arrays;
import java.util.function.Function;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.MaeSpec;

/**
 * The whole masked autoencoder, one picture at a time, in double, with loops, in the order of the
 * papers: what the fast one is checked against. It does the work that the fast one saves (every
 * patch is embedded, every patch is predicted, and a mask picks what is scored), so that saving it
 * is checked too.
 *
 * @param spec the shape
 * @param weights by their names in the state dict
 */
public record NaiveMaskedAutoencoder(MaeSpec spec, Function<String, double[]> weights) {

  /** Σ loss · mask / Σ mask over a batch, with the loss of a patch its mean squared error. */
  public double loss(float[] images_BCHW, int[] shuffles_BL) {
    double sum = 0;
    int count = 0;
    for (int image = 0; image < shuffles_BL.length / patches(); image++) {
      float[] pixels = image(images_BCHW, image);
      int[] shuffle = shuffle(shuffles_BL, image);
      double[] predicted_LV = predict(pixels, shuffle);
      int[] restore = restore(shuffle);
      for (int patch = 0; patch < patches(); patch++) {
        int masked = restore[patch] >= spec.keptPatches() ? 1 : 0;
        double[] target_V = target(pixels, patch);
        double error = 0;
        for (int i = 0; i < target_V.length; i++) {
          error += Math.pow(predicted_LV[patch * target_V.length + i] - target_V[i], 2);
        }
        sum += masked * error / target_V.length;
        count += masked;
      }
    }
    return sum / count;
  }

  /** The prediction of every patch of every picture, in the grid's order. */
  public double[] predictions(float[] images_BCHW, int[] shuffles_BL) {
    int images = shuffles_BL.length / patches();
    double[] predictions = new double[images * spec.imageValues()];
    for (int image = 0; image < images; image++) {
      double[] one = predict(image(images_BCHW, image), shuffle(shuffles_BL, image));
      System.arraycopy(one, 0, predictions, image * one.length, one.length);
    }
    return predictions;
  }

  private double[] predict(float[] image_CHW, int[] shuffle) {
    int[] visible = Arrays.copyOf(shuffle, spec.keptPatches());
    int width = spec.encoder().width();
    double[] positions_TD = positions(spec.grid().rows(), spec.grid().cols(), width);
    double[] latent_TD = encode(image_CHW, visible, positions_TD);
    return decode(linear(latent_TD, "decoder_embed"), shuffle);
  }

  /** The encoder's output for one picture: class token, then the visible patches in their order. */
  public double[] encode(float[] image_CHW, int[] visible, double[] positions_TD) {
    int kept = visible.length;
    int width = spec.encoder().width();
    double[] embedded_LD = new double[patches() * width];
    for (int patch = 0; patch < patches(); patch++) {
      double[] token =
          NaiveLinear.forward(
              convolved(image_CHW, patch),
              weights.apply("patch_embed.proj.weight"),
              weights.apply("patch_embed.proj.bias"));
      System.arraycopy(token, 0, embedded_LD, patch * width, width);
    }
    double[] tokens_TD = new double[(1 + kept) * width];
    for (int i = 0; i < width; i++) {
      tokens_TD[i] = weights.apply("cls_token")[i] + positions_TD[i];
      for (int place = 0; place < kept; place++) {
        int patch = visible[place];
        tokens_TD[(1 + place) * width + i] =
            embedded_LD[patch * width + i] + positions_TD[(1 + patch) * width + i];
      }
    }
    double[] latent_TD = blocks(tokens_TD, "blocks", spec.encoder());
    return norm(latent_TD, "norm");
  }

  private double[] decode(double[] latent_TE, int[] shuffle) {
    int kept = spec.keptPatches();
    int width = spec.decoder().width();
    double[] all_LE = new double[patches() * width];
    for (int place = 0; place < patches(); place++) {
      for (int i = 0; i < width; i++) {
        all_LE[place * width + i] =
            place < kept ? latent_TE[(1 + place) * width + i] : weights.apply("mask_token")[i];
      }
    }
    int[] restore = restore(shuffle);
    double[] positions_TE = positions(spec.grid().rows(), spec.grid().cols(), width);
    double[] tokens_TE = new double[(1 + patches()) * width];
    for (int i = 0; i < width; i++) {
      tokens_TE[i] = latent_TE[i] + positions_TE[i];
      for (int patch = 0; patch < patches(); patch++) {
        int token = (1 + patch) * width + i;
        tokens_TE[token] = all_LE[restore[patch] * width + i] + positions_TE[token];
      }
    }
    double[] decoded_TE = blocks(tokens_TE, "decoder_blocks", spec.decoder());
    double[] predicted_TV = linear(norm(decoded_TE, "decoder_norm"), "decoder_pred");
    return Arrays.copyOfRange(predicted_TV, spec.patchValues(), predicted_TV.length);
  }

  private double[] blocks(double[] x, String name, TransformerConfig transformer) {
    double[] y = x;
    for (int block = 0; block < transformer.depth(); block++) {
      y = NaiveTransformerBlock.forward(y, 1, transformer.heads(), name + "." + block, weights);
    }
    return y;
  }

  private double[] norm(double[] x, String name) {
    return NaiveLayerNorm.forward(
        x, weights.apply(name + ".weight"), weights.apply(name + ".bias"));
  }

  private double[] linear(double[] x, String name) {
    return NaiveLinear.forward(x, weights.apply(name + ".weight"), weights.apply(name + ".bias"));
  }

  /** One patch in the order of the embedding's kernel: channel, y, x. */
  private double[] convolved(float[] image_CHW, int patch) {
    int side = spec.patchSize();
    double[] values = new double[spec.patchValues()];
    for (int c = 0; c < spec.channels(); c++) {
      for (int py = 0; py < side; py++) {
        for (int px = 0; px < side; px++) {
          values[c * side * side + py * side + px] = pixel(image_CHW, patch, c, py, px);
        }
      }
    }
    return values;
  }

  /** One patch as it is to be predicted, in the order y, x, channel. */
  private double[] target(float[] image_CHW, int patch) {
    int side = spec.patchSize();
    double[] values = new double[spec.patchValues()];
    double mean = 0;
    for (int py = 0; py < side; py++) {
      for (int px = 0; px < side; px++) {
        for (int c = 0; c < spec.channels(); c++) {
          double value = pixel(image_CHW, patch, c, py, px);
          values[(py * side + px) * spec.channels() + c] = value;
          mean += value / values.length;
        }
      }
    }
    if (!spec.normalizedTarget()) {
      return values;
    }
    double variance = 0;
    for (double value : values) {
      variance += Math.pow(value - mean, 2) / (values.length - 1);
    }
    for (int i = 0; i < values.length; i++) {
      // Targets reach every backend as floats.
      values[i] = (float) ((values[i] - mean) / Math.sqrt(variance + 1e-6));
    }
    return values;
  }

  private double pixel(float[] image_CHW, int patch, int channel, int py, int px) {
    int height = spec.grid().rows() * spec.patchSize();
    int width = spec.grid().cols() * spec.patchSize();
    int y = patch / spec.grid().cols() * spec.patchSize() + py;
    int x = patch % spec.grid().cols() * spec.patchSize() + px;
    return image_CHW[(channel * height + y) * width + x];
  }

  /**
   * The position table with the class token's row of zeros: the column's sines and cosines, then
   * the row's. Stored as floats, as everywhere.
   */
  public static double[] positions(int rows, int cols, int width) {
    int quarter = width / 4;
    double[] table = new double[(1 + rows * cols) * width];
    for (int patch = 0; patch < rows * cols; patch++) {
      int start = (1 + patch) * width;
      for (int j = 0; j < quarter; j++) {
        double frequency = 1 / Math.pow(10000, (double) j / quarter);
        table[start + j] = (float) Math.sin(patch % cols * frequency);
        table[start + quarter + j] = (float) Math.cos(patch % cols * frequency);
        table[start + 2 * quarter + j] = (float) Math.sin(patch / cols * frequency);
        table[start + 3 * quarter + j] = (float) Math.cos(patch / cols * frequency);
      }
    }
    return table;
  }

  private static int[] restore(int[] shuffle) {
    int[] restore = new int[shuffle.length];
    for (int place = 0; place < shuffle.length; place++) {
      restore[shuffle[place]] = place;
    }
    return restore;
  }

  private int patches() {
    return spec.grid().rows() * spec.grid().cols();
  }

  private float[] image(float[] images_BCHW, int image) {
    int values = spec.imageValues();
    return Arrays.copyOfRange(images_BCHW, image * values, (image + 1) * values);
  }

  private int[] shuffle(int[] shuffles_BL, int image) {
    return Arrays.copyOfRange(shuffles_BL, image * patches(), (image + 1) * patches());
  }
}
