package org.longmae.model;

import java.util.Arrays;
import java.util.stream.IntStream;

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
      targetPatch(image_CHW, grid, patchSize, channels, patch, patches, patch * values);
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

  /** What is done with one image of a batch. */
  interface ImageAction {
    void accept(int image, float[] pixels_CHW);
  }

  /**
   * Goes through the images of a batch, in any order, on all cores that the process may use.
   *
   * <p>Each image's pixels are copied first: in one sweep, where patches in a shuffled order would
   * wait for the memory at every row.
   */
  static void forEachImage(float[] images_BCHW, int images, ImageAction action) {
    int values = images_BCHW.length / images;
    IntStream.range(0, images)
        .parallel()
        .forEach(
            image ->
                action.accept(
                    image, Arrays.copyOfRange(images_BCHW, image * values, (image + 1) * values)));
  }

  /** Copies one patch in target order (py, px, c). */
  static void targetPatch(
      float[] image_CHW,
      Grid grid,
      int patchSize,
      int channels,
      int patch,
      float[] into,
      int start) {
    int width = grid.cols() * patchSize;
    int plane = grid.rows() * patchSize * width;
    int corner = corner(grid, patchSize, patch);
    for (int channel = 0; channel < channels; channel++) {
      for (int py = 0; py < patchSize; py++) {
        int from = corner + channel * plane + py * width;
        int to = start + py * patchSize * channels + channel;
        for (int px = 0; px < patchSize; px++) {
          into[to + px * channels] = image_CHW[from + px];
        }
      }
    }
  }

  /** Copies one patch in convolution order (c, py, px). */
  static void patch(
      float[] image_CHW,
      Grid grid,
      int patchSize,
      int channels,
      int patch,
      float[] into,
      int start) {
    int width = grid.cols() * patchSize;
    int plane = grid.rows() * patchSize * width;
    int corner = corner(grid, patchSize, patch);
    int to = start;
    for (int channel = 0; channel < channels; channel++) {
      for (int py = 0; py < patchSize; py++) {
        System.arraycopy(image_CHW, corner + channel * plane + py * width, into, to, patchSize);
        to += patchSize;
      }
    }
  }

  /**
   * Subtracts the mean of one patch and divides by its deviation, in place.
   *
   * <p>The variance divides by V − 1, unlike layer norm's; 1e-6 is added to it before the root, so
   * a flat patch becomes zero. Computed in double, as differences from the patch's first value, and
   * rounded once. See docs/math.md, "Squared error with a normalised target".
   */
  static void normalize(float[] values, int start, int length) {
    double first = values[start];
    double sum = 0;
    double squares = 0;
    int end = start + length;
    int i = start;
    // Eight at a time: conversions to double wait for whatever was in their register before.
    for (; i + 7 < end; i += 8) {
      double a = values[i] - first;
      double b = values[i + 1] - first;
      double c = values[i + 2] - first;
      double d = values[i + 3] - first;
      double e = values[i + 4] - first;
      double f = values[i + 5] - first;
      double g = values[i + 6] - first;
      double h = values[i + 7] - first;
      sum += ((a + b) + (c + d)) + ((e + f) + (g + h));
      squares += ((a * a + b * b) + (c * c + d * d)) + ((e * e + f * f) + (g * g + h * h));
    }
    for (; i < end; i++) {
      double a = values[i] - first;
      sum += a;
      squares += a * a;
    }
    double offset = sum / length;
    double variance = Math.max(0, squares - sum * offset) / (length - 1);
    scale(values, start, end, first + offset, 1 / Math.sqrt(variance + 1e-6));
  }

  /** v ← (v − centre) · factor. */
  private static void scale(float[] values, int start, int end, double centre, double factor) {
    int i = start;
    for (; i + 7 < end; i += 8) {
      double a = (values[i] - centre) * factor;
      double b = (values[i + 1] - centre) * factor;
      double c = (values[i + 2] - centre) * factor;
      double d = (values[i + 3] - centre) * factor;
      double e = (values[i + 4] - centre) * factor;
      double f = (values[i + 5] - centre) * factor;
      double g = (values[i + 6] - centre) * factor;
      double h = (values[i + 7] - centre) * factor;
      values[i] = (float) a;
      values[i + 1] = (float) b;
      values[i + 2] = (float) c;
      values[i + 3] = (float) d;
      values[i + 4] = (float) e;
      values[i + 5] = (float) f;
      values[i + 6] = (float) g;
      values[i + 7] = (float) h;
    }
    for (; i < end; i++) {
      values[i] = (float) ((values[i] - centre) * factor);
    }
  }

  private static int corner(Grid grid, int patchSize, int patch) {
    int width = grid.cols() * patchSize;
    return patch / grid.cols() * patchSize * width + patch % grid.cols() * patchSize;
  }
}
