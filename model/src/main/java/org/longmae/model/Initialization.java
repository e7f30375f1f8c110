package org.longmae.model;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Initial weights, drawn entry by entry in the layout's order.
 *
 * <ul>
 *   <li>matrices: uniform in ±√(6/(in + out)) (Xavier); the fused query-key-value matrix counts as
 *       one of 3·D rows, the patch kernel as a matrix of C·p·p columns
 *   <li>biases: zero, but the patch embedding's, uniform in ±1/√(C·p·p)
 *   <li>the decoder's two convolutions, weights and biases: uniform in ±1/√(in · kernel)
 *   <li>class and mask token: normal, deviation 0.02
 *   <li>a classifier's head: normal, deviation 2e-5, so that it starts without an opinion; its
 *       positions are the fixed table's, which {@link ClassifierEngine} sets
 *   <li>layer norms: scale 1, shift 0
 * </ul>
 */
public final class Initialization {
  private static final double TOKEN_DEVIATION = 0.02;

  /** MAE's for fine-tuning; its truncation, at ±2, never happens. */
  private static final double HEAD_DEVIATION = 2e-5;

  private Initialization() {}

  /** Draws one parameter; entries must be drawn in the layout's order to be reproducible. */
  public static float[] draw(
      ParameterLayout layout, ParameterLayout.Entry entry, RandomGenerator random) {
    float[] values = new float[Math.toIntExact(entry.length())];
    String name = entry.name();
    if (name.endsWith("_token")) {
      fillNormal(values, TOKEN_DEVIATION, random);
    } else if (name.equals(ParameterLayout.HEAD + ".weight")) {
      fillNormal(values, HEAD_DEVIATION, random);
    } else if (isDecoderConvolution(name) || name.equals("patch_embed.proj.bias")) {
      String weight = name.substring(0, name.lastIndexOf('.')) + ".weight";
      long[] kernel = layout.entry(weight).shape();
      fillUniform(values, 1 / Math.sqrt(columns(kernel)), random);
    } else if (entry.decayed()) {
      fillUniform(values, xavierBound(entry.shape()), random);
    } else if (name.endsWith(".weight")) {
      Arrays.fill(values, 1);
    }
    return values;
  }

  /** These keep PyTorch's defaults, which for a transposed convolution count its outputs as in. */
  private static boolean isDecoderConvolution(String name) {
    return name.startsWith(ParameterLayout.DOWNSAMPLE + ".")
        || name.startsWith(ParameterLayout.UPSAMPLE + ".");
  }

  /** √(6/(in + out)), all axes but the first counting as columns. */
  static double xavierBound(long[] shape) {
    return Math.sqrt(6.0 / (shape[0] + columns(shape)));
  }

  private static long columns(long[] shape) {
    long columns = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      columns *= shape[axis];
    }
    return columns;
  }

  private static void fillNormal(float[] values, double deviation, RandomGenerator random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
  }

  private static void fillUniform(float[] values, double bound, RandomGenerator random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
