package org.longmae.jobs.picture;

import java.util.List;
import org.longmae.data.image.Picture;

/**
 * Shows what a model predicts for the hidden patches of a picture.
 *
 * <p>A model trained on normalised targets predicts each patch relative to its own mean and
 * deviation, which nobody knows for a hidden patch. To show such a prediction they must come from
 * somewhere: guessed from the visible patches, which is what the model and the eye have, or taken
 * from the original, which leaks the answer's brightness and contrast. Both are shown, side by side
 * and named for what they are.
 */
public final class Reconstruction {
  private static final byte MID_GREY = (byte) 128;

  private final float[] image_CHW;
  private final float[] prediction_LV;
  private final boolean[] visible_L;
  private final Patches patches;
  private final Patches predicted;
  private final double[] mean;
  private final double[] std;

  private Reconstruction(
      float[] image_CHW,
      float[] prediction_LV,
      boolean[] visible_L,
      Patches patches,
      Patches predicted,
      double[] mean,
      double[] std) {
    this.image_CHW = image_CHW;
    this.prediction_LV = prediction_LV;
    this.visible_L = visible_L;
    this.patches = patches;
    this.predicted = predicted;
    this.mean = mean;
    this.std = std;
  }

  /**
   * The panels of one picture. Changes none of its arguments.
   *
   * @param image_CHW normalised pixels, as fed to the model
   * @param prediction_LV the model's answer for all patches that it predicts, values in the order
   *     row, column, channel
   * @param shuffle_L all patch numbers, the visible ones first
   * @param kept K, how many of them are visible, at least 1
   * @param rows patches from top to bottom
   * @param cols patches from left to right
   * @param patchSize p, pixels
   * @param mean what was subtracted from each channel of a picture in 0…1
   * @param std what each channel was then divided by
   * @param normalizedTarget whether the model predicts patches relative to their own mean and
   *     deviation
   * @param predictionDownsampling s, side in patches of what is predicted as one large patch;
   *     divides rows and columns. A large patch that is partly visible has its guessed scale from
   *     that part
   */
  public static Panels of(
      float[] image_CHW,
      float[] prediction_LV,
      int[] shuffle_L,
      int kept,
      int rows,
      int cols,
      int patchSize,
      double[] mean,
      double[] std,
      boolean normalizedTarget,
      int predictionDownsampling) {
    Patches patches = new Patches(rows, cols, patchSize, mean.length);
    requireLength("std", mean.length, std.length);
    requireLength("image_CHW", patches.count() * patches.values(), image_CHW.length);
    requireLength("prediction_LV", patches.count() * patches.values(), prediction_LV.length);
    boolean[] visible_L = visible(shuffle_L, kept, patches.count());
    Patches predicted = patches.larger(predictionDownsampling);
    return new Reconstruction(image_CHW, prediction_LV, visible_L, patches, predicted, mean, std)
        .panels(normalizedTarget);
  }

  /** The names of the columns of a grid, from left to right. */
  public static List<String> columns(boolean normalizedTarget) {
    return normalizedTarget
        ? List.of("original", "visible", "guessed scale", "true scale")
        : List.of("original", "visible", "predicted");
  }

  /** What a grid shows, for the text beside it. */
  public static String caption(boolean normalizedTarget) {
    String common =
        "Held-out pictures. Columns, left to right: the original; what the encoder sees, with hidden"
            + " patches in grey; ";
    return normalizedTarget
        ? common
            + "the prediction in two versions. The model predicts each hidden patch relative to the"
            + " patch's own mean and deviation, so brightness and contrast must come from elsewhere."
            + " In the third column they are guessed from the visible patches: nothing hidden is"
            + " used. In the fourth they are the true ones of the hidden patch, which the model does"
            + " not know: look there at structure only. Visible patches are shown as they are."
        : common
            + "the prediction. Hidden patches are as predicted; visible patches are shown as they"
            + " are.";
  }

  private Panels panels(boolean normalizedTarget) {
    Picture original = picture(image_CHW);
    if (!normalizedTarget) {
      return new Panels(original, masked(original), List.of(picture(filledIn(null))));
    }
    PatchScales truth = PatchScales.of(image_CHW, predicted);
    PatchScales seen = PatchScales.of(image_CHW, predicted, this::isVisible);
    PatchScales guess = seen.guessedFrom(partlyVisible(), predicted);
    return new Panels(
        original, masked(original), List.of(picture(filledIn(guess)), picture(filledIn(truth))));
  }

  /** The picture with its hidden patches replaced by predicted ones; no scales for raw targets. */
  private float[] filledIn(PatchScales scales) {
    float[] filled_CHW = image_CHW.clone();
    int values = predicted.values();
    for (int patch = 0; patch < predicted.count(); patch++) {
      double shift = scales == null ? 0 : scales.mean_L()[patch];
      double factor = scales == null ? 1 : scales.deviation_L()[patch];
      for (int k = 0; k < values; k++) {
        int pixel = predicted.pixel(patch, k);
        if (!isVisible(pixel)) {
          filled_CHW[pixel] = (float) (shift + factor * prediction_LV[patch * values + k]);
        }
      }
    }
    return filled_CHW;
  }

  private boolean isVisible(int pixel) {
    return visible_L[patches.patchAt(pixel)];
  }

  /** The predicted patches of which some part is visible. */
  private boolean[] partlyVisible() {
    boolean[] partly = new boolean[predicted.count()];
    for (int patch = 0; patch < visible_L.length; patch++) {
      partly[predicted.patchAt(patches.pixel(patch, 0))] |= visible_L[patch];
    }
    return partly;
  }

  private Picture masked(Picture original) {
    byte[] rgb = original.rgb().clone();
    for (int y = 0; y < patches.height(); y++) {
      for (int x = 0; x < patches.width(); x++) {
        if (!visible_L[y / patches.side() * patches.cols() + x / patches.side()]) {
          int at = 3 * (y * patches.width() + x);
          rgb[at] = rgb[at + 1] = rgb[at + 2] = MID_GREY;
        }
      }
    }
    return new Picture(patches.width(), patches.height(), rgb);
  }

  /** Back to grey levels: the first three channels, or the first one as grey if there are fewer. */
  private Picture picture(float[] pixels_CHW) {
    int area = patches.width() * patches.height();
    byte[] rgb = new byte[3 * area];
    for (int colour = 0; colour < 3; colour++) {
      int channel = patches.channels() >= 3 ? colour : 0;
      for (int i = 0; i < area; i++) {
        double level = 255 * (pixels_CHW[channel * area + i] * std[channel] + mean[channel]);
        rgb[3 * i + colour] = (byte) Math.round(Math.max(0, Math.min(255, level)));
      }
    }
    return new Picture(patches.width(), patches.height(), rgb);
  }

  private static boolean[] visible(int[] shuffle_L, int kept, int count) {
    requireLength("shuffle_L", count, shuffle_L.length);
    if (kept < 1 || kept > count) {
      throw new IllegalArgumentException("kept must be in 1…" + count + " but was " + kept);
    }
    boolean[] visible_L = new boolean[count];
    for (int i = 0; i < kept; i++) {
      visible_L[shuffle_L[i]] = true;
    }
    return visible_L;
  }

  private static void requireLength(String name, int expected, int actual) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          name + " must have " + expected + " values but had " + actual);
    }
  }
}
