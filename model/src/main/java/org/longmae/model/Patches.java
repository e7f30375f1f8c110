package org.longmae.model;

/**
 * Cuts images into patches and puts them together again.
 *
 * <p>Two orders of the same V = C·p·p values exist and are easily taken for each other: the target
 * order (py, px, c) of {@link #patchify}, which the prediction head learns, and the convolution
 * order (c, py, px) of {@link #patch}, which the embedding's weight has.
 */
public final class Patches {
  private Patches() {}

  /**
   * All patches of an image in target order.
   *
   * @param image_CHW pixels
   * @return L patches of V values
   */
  public static float[] patchify(float[] image_CHW, Grid grid, int patchSize, int channels) {
    int values = channels * patchSize * patchSize;
    float[] patches = new float[grid.patches() * values];
    for (int patch = 0; patch < grid.patches(); patch++) {
      targetPatch(image_CHW, 0, grid, patchSize, channels, patch, patches, patch * values);
    }
    return patches;
  }

  /** The image of patches in target order; undoes {@link #patchify}. */
  public static float[] unpatchify(float[] patches_LV, Grid grid, int patchSize, int channels) {
    float[] image_CHW = new float[patches_LV.length];
    int width = grid.cols() * patchSize;
    int plane = grid.rows() * patchSize * width;
    int next = 0;
    for (int patch = 0; patch < grid.patches(); patch++) {
      int corner = corner(grid, patchSize, patch);
      for (int py = 0; py < patchSize; py++) {
        for (int px = 0; px < patchSize; px++) {
          for (int channel = 0; channel < channels; channel++) {
            image_CHW[corner + channel * plane + py * width + px] = patches_LV[next++];
          }
        }
      }
    }
    return image_CHW;
  }

  /** Copies one patch in target order (py, px, c). */
  static void targetPatch(
      float[] images,
      int imageStart,
      Grid grid,
      int patchSize,
      int channels,
      int patch,
      float[] into,
      int start) {
    int width = grid.cols() * patchSize;
    int plane = grid.rows() * patchSize * width;
    int corner = imageStart + corner(grid, patchSize, patch);
    for (int channel = 0; channel < channels; channel++) {
      for (int py = 0; py < patchSize; py++) {
        int from = corner + channel * plane + py * width;
        int to = start + py * patchSize * channels + channel;
        for (int px = 0; px < patchSize; px++) {
          into[to + px * channels] = images[from + px];
        }
      }
    }
  }

  /** Copies one patch in convolution order (c, py, px). */
  static void patch(
      float[] images,
      int imageStart,
      Grid grid,
      int patchSize,
      int channels,
      int patch,
      float[] into,
      int start) {
    int width = grid.cols() * patchSize;
    int plane = grid.rows() * patchSize * width;
    int corner = imageStart + corner(grid, patchSize, patch);
    int to = start;
    for (int channel = 0; channel < channels; channel++) {
      for (int py = 0; py < patchSize; py++) {
        System.arraycopy(images, corner + channel * plane + py * width, into, to, patchSize);
        to += patchSize;
      }
    }
  }

  /**
   * Subtracts the mean of one patch and divides by its deviation, in place.
   *
   * <p>The variance divides by V − 1, unlike layer norm's; 1e-6 is added to it before the root, so
   * a flat patch becomes zero. Computed in double and rounded once. See docs/math.md, "Squared
   * error with a normalised target".
   */
  static void normalize(float[] values, int start, int length) {
    int end = start + length;
    double mean = sum(values, start, end, 0, 1) / length;
    double variance = sum(values, start, end, mean, 2) / (length - 1);
    double scale = 1 / Math.sqrt(variance + 1e-6);
    for (int i = start; i < end; i++) {
      values[i] = (float) ((values[i] - mean) * scale);
    }
  }

  /** Σ (x − centre)^power for power 1 or 2, in four sums that do not wait for one another. */
  private static double sum(float[] values, int start, int end, double centre, int power) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = start;
    for (; i + 3 < end; i += 4) {
      double w = values[i] - centre;
      double x = values[i + 1] - centre;
      double y = values[i + 2] - centre;
      double z = values[i + 3] - centre;
      a += power == 1 ? w : w * w;
      b += power == 1 ? x : x * x;
      c += power == 1 ? y : y * y;
      d += power == 1 ? z : z * z;
    }
    for (; i < end; i++) {
      double w = values[i] - centre;
      a += power == 1 ? w : w * w;
    }
    return (a + b) + (c + d);
  }

  private static int corner(Grid grid, int patchSize, int patch) {
    int width = grid.cols() * patchSize;
    return patch / grid.cols() * patchSize * width + patch % grid.cols() * patchSize;
  }
}
