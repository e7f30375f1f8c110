package org.longmae.jobs.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.longmae.data.image.Picture;

/**
 * Sizes are unequal, so that a swapped axis cannot hide: 2 rows and 3 columns of 4-pixel patches.
 */
class ReconstructionTest {
  private static final int ROWS = 2;
  private static final int COLS = 3;
  private static final int SIDE = 4;
  private static final int WIDTH = COLS * SIDE;
  private static final int AREA = ROWS * SIDE * WIDTH;
  private static final int VALUES = SIDE * SIDE * 3;
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] STD = {0.229, 0.224, 0.225};
  private static final int[] SHUFFLE = {4, 2, 0, 5, 1, 3};
  private static final int KEPT = 2;

  private final byte[] rgb = randomBytes(3 * AREA);
  private final float[] image_CHW = normalised(rgb);

  @Test
  void perfectPredictionGivesThePictureBack() {
    Panels raw = panels(image_CHW, target_LV(false), false);
    Panels normalized = panels(image_CHW, target_LV(true), true);

    assertThat(raw.original().rgb()).isEqualTo(rgb);
    assertWithinAGreyLevel(raw.reconstructions().get(0), rgb);
    assertWithinAGreyLevel(normalized.reconstructions().get(1), rgb);
  }

  /** The column called "guessed scale" must not be made with what it claims not to know. */
  @Test
  void hiddenPixelsDoNotInfluenceTheEstimatedColumn() {
    float[] prediction_LV = target_LV(true);
    float[] changed_CHW = image_CHW.clone();
    for (int i = 0; i < changed_CHW.length; i++) {
      if (!visible(i % AREA)) {
        changed_CHW[i] = 1.7f - 3 * changed_CHW[i];
      }
    }

    Panels panels = panels(image_CHW, prediction_LV, true);
    Panels changed = panels(changed_CHW, prediction_LV, true);

    assertThat(changed.reconstructions().get(0).rgb())
        .isEqualTo(panels.reconstructions().get(0).rgb());
    assertThat(changed.reconstructions().get(1).rgb())
        .isNotEqualTo(panels.reconstructions().get(1).rgb());
  }

  @Test
  void visiblePatchesAreShownAsTheyAre() {
    Panels panels = panels(image_CHW, new float[ROWS * COLS * VALUES], true);

    for (Picture panel : panels.row()) {
      for (int i = 0; i < 3 * AREA; i++) {
        if (visible(i / 3)) {
          assertThat(panel.rgb()[i]).isEqualTo(rgb[i]);
        }
      }
    }
  }

  @Test
  void hiddenPatchesAreMaskedInMidGrey() {
    byte[] masked = panels(image_CHW, target_LV(true), true).masked().rgb();

    for (int i = 0; i < 3 * AREA; i++) {
      assertThat(masked[i]).isEqualTo(visible(i / 3) ? rgb[i] : (byte) 128);
    }
  }

  @Test
  void aPanelStandsUnderEachColumnName() {
    for (boolean normalized : new boolean[] {true, false}) {
      Panels panels = panels(image_CHW, target_LV(normalized), normalized);
      assertThat(panels.row()).hasSameSizeAs(Reconstruction.columns(normalized));
    }
  }

  /** On a picture of one grey the guess is exact: every visible patch says the same. */
  @Test
  void guessedScalesOfAUniformPictureAreTheTrueOnes() {
    byte[] grey = new byte[3 * AREA];
    Arrays.fill(grey, (byte) 90);

    Panels panels = panels(normalised(grey), new float[ROWS * COLS * VALUES], true);

    assertThat(panels.reconstructions().get(0).rgb())
        .isEqualTo(panels.reconstructions().get(1).rgb());
  }

  /** One channel stands for red, green and blue alike, in all panels. */
  @Test
  void aPerfectPredictionOfAGreyPictureGivesItBack() {
    float[] grey_HW = new float[AREA];
    float[] prediction_LV = new float[AREA];
    for (int i = 0; i < AREA; i++) {
      grey_HW[i] = (float) (((rgb[i] & 0xFF) / 255.0 - 0.449) / 0.226);
      int patch = i / WIDTH / SIDE * COLS + i % WIDTH / SIDE;
      prediction_LV[(patch * SIDE + i / WIDTH % SIDE) * SIDE + i % SIDE] = grey_HW[i];
    }
    double[] mean = {0.449};
    double[] std = {0.226};

    Panels panels =
        Reconstruction.of(
            grey_HW, prediction_LV, SHUFFLE, KEPT, ROWS, COLS, SIDE, mean, std, false, 1);

    for (int i = 0; i < 3 * AREA; i++) {
      assertThat(panels.original().rgb()[i]).isEqualTo(rgb[i / 3]);
      assertThat(panels.reconstructions().get(0).rgb()[i]).isEqualTo(rgb[i / 3]);
      assertThat(panels.masked().rgb()[i]).isEqualTo(visible(i / 3) ? rgb[i / 3] : (byte) 128);
    }
  }

  // The same picture in 4 x 6 patches of two pixels, of which two by two are predicted as one: the
  // answer is that for large patches, shown where small ones are hidden.
  @Test
  void largePredictedPatchesAreShownWhereSmallOnesAreHidden() {
    int[] shuffle = new int[4 * 6];
    Arrays.setAll(shuffle, i -> i * 5 % 24);
    boolean[] visible = new boolean[24];
    for (int i = 0; i < 7; i++) {
      visible[shuffle[i]] = true;
    }
    Panels perfect = large(image_CHW, target_LV(true), shuffle);
    assertWithinAGreyLevel(perfect.reconstructions().get(1), rgb);
    Panels raw =
        Reconstruction.of(image_CHW, target_LV(false), shuffle, 7, 4, 6, 2, MEAN, STD, false, 2);
    assertWithinAGreyLevel(raw.reconstructions().get(0), rgb);

    // Hidden pixels beside visible ones of the same large patch are no part of the guess either.
    float[] changed_CHW = image_CHW.clone();
    for (int i = 0; i < changed_CHW.length; i++) {
      if (!visible[i % AREA / WIDTH / 2 * 6 + i % WIDTH / 2]) {
        changed_CHW[i] = 1.7f - 3 * changed_CHW[i];
      }
    }
    Panels changed = large(changed_CHW, target_LV(true), shuffle);
    assertThat(changed.reconstructions().get(0).rgb())
        .isEqualTo(perfect.reconstructions().get(0).rgb());
    assertThatThrownBy(
            () ->
                Reconstruction.of(
                    image_CHW, target_LV(true), shuffle, 7, 4, 6, 2, MEAN, STD, true, 3))
        .hasMessage("predictionDownsampling must divide 4 and 6 patches but was 3");
  }

  private static Panels large(float[] image_CHW, float[] prediction_LV, int[] shuffle) {
    return Reconstruction.of(image_CHW, prediction_LV, shuffle, 7, 4, 6, 2, MEAN, STD, true, 2);
  }

  @Test
  void wrongLengthsAreRefusedWithTheNumbers() {
    assertThatThrownBy(() -> panels(image_CHW, new float[7], true))
        .hasMessage("prediction_LV must have 288 values but had 7");
  }

  private static Panels panels(float[] image_CHW, float[] prediction_LV, boolean normalized) {
    return Reconstruction.of(
        image_CHW, prediction_LV, SHUFFLE, KEPT, ROWS, COLS, SIDE, MEAN, STD, normalized, 1);
  }

  private static boolean visible(int pixel) {
    int patch = pixel / WIDTH / SIDE * COLS + pixel % WIDTH / SIDE;
    return patch == SHUFFLE[0] || patch == SHUFFLE[1];
  }

  /** What a perfect model answers, written out independently of the code under test. */
  private float[] target_LV(boolean normalized) {
    float[] target_LV = new float[ROWS * COLS * VALUES];
    for (int patch = 0; patch < ROWS * COLS; patch++) {
      double[] values = new double[VALUES];
      double sum = 0;
      for (int py = 0; py < SIDE; py++) {
        for (int px = 0; px < SIDE; px++) {
          for (int c = 0; c < 3; c++) {
            int y = patch / COLS * SIDE + py;
            int x = patch % COLS * SIDE + px;
            double value = image_CHW[c * AREA + y * WIDTH + x];
            values[(py * SIDE + px) * 3 + c] = value;
            sum += value;
          }
        }
      }
      double mean = sum / VALUES;
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      double deviation = Math.sqrt(squares / (VALUES - 1) + 1e-6);
      for (int k = 0; k < VALUES; k++) {
        target_LV[patch * VALUES + k] =
            (float) (normalized ? (values[k] - mean) / deviation : values[k]);
      }
    }
    return target_LV;
  }

  private static float[] normalised(byte[] rgb) {
    float[] image_CHW = new float[3 * AREA];
    for (int i = 0; i < 3 * AREA; i++) {
      double level = (rgb[i] & 0xFF) / 255.0;
      image_CHW[i % 3 * AREA + i / 3] = (float) ((level - MEAN[i % 3]) / STD[i % 3]);
    }
    return image_CHW;
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  private static void assertWithinAGreyLevel(Picture picture, byte[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs((picture.rgb()[i] & 0xFF) - (expected[i] & 0xFF))).isLessThanOrEqualTo(1);
    }
  }
}
