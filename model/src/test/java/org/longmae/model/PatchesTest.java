package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatchesTest {
  @Test
  void unpatchifyUndoesPatchify() {
    Grid grid = new Grid(3, 2);
    float[] image = new float[3 * 12 * 8];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextInt();
    }
    float[] patches = Patches.patchify(image, grid, 4, 3);
    assertThat(Patches.unpatchify(patches, grid, 4, 3)).isEqualTo(image);
  }

  @Test
  void targetAndConvolutionOrderDiffer() {
    // Pixel value = its place in [C=3, 2, 2], so a patch in convolution order counts up.
    float[] image = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    Grid grid = new Grid(1, 1);
    float[] target = Patches.patchify(image, grid, 2, 3);
    assertThat(target).containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
    float[] convolution = new float[12];
    Patches.patch(image, grid, 2, 3, 0, convolution, 0);
    assertThat(convolution).isEqualTo(image);
    int[] placeInTarget = {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11};
    for (int k = 0; k < 12; k++) {
      assertThat(target[placeInTarget[k]]).isEqualTo(convolution[k]);
    }
  }

  @Test
  void targetVarianceIsUnbiased() {
    // Divided by V instead of V − 1 it would be ±1.3416, ±0.4472.
    float[] values = {9, 1, 2, 3, 4, 9};
    Patches.normalize(values, 1, 4);
    assertThat(values)
        .containsExactly(
            new float[] {9, -1.16189466f, -0.38729822f, 0.38729822f, 1.16189466f, 9},
            within(1e-6f));
  }

  @Test
  void flatPatchBecomesZero() {
    float[] values = {7, 7, 7};
    Patches.normalize(values, 0, 3);
    assertThat(values).containsOnly(0);
  }
}
