package org.longmae.model;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Squared error of predicted patches, where they are hidden.
 *
 * <pre>
 *   s = 1    mean over the hidden patches
 *   s &gt; 1    Σ w·e / Σ w     e of a large patch of s x s, w the share of it that is hidden
 * </pre>
 *
 * <p>Every image hides as many patches, so the mean of the images' losses is that of the batch.
 */
final class PixelLoss {
  private final Ops ops;
  private final MaeSpec spec;

  PixelLoss(Ops ops, MaeSpec spec) {
    this.ops = ops;
    this.spec = spec;
  }

  /**
   * The loss of each image.
   *
   * @param prediction_RV of the hidden patches in shuffled order where s = 1, else of all large
   *     patches in the grid's order
   */
  Ops.SquaredError of(Tensor prediction_RV, float[] images_BCHW, TokenOrder order) {
    if (spec.predictionDownsampling() == 1) {
      Tensor target_RV = target(images_BCHW, order.images(), order.masked());
      return ops.squaredError(prediction_RV, target_RV, order.images());
    }
    int[] all = spec.predictionGrid().ofImages(order.images());
    Tensor weight_R1 = ops.uploadState(hiddenShares(order), all.length, 1);
    return ops.squaredError(
        prediction_RV, target(images_BCHW, order.images(), all), weight_R1, order.images());
  }

  /**
   * Pixels of patches of the prediction's grid, normalised if the model is trained so.
   *
   * @param chosen equally many patches of each image, image by image
   */
  private Tensor target(float[] images_BCHW, int images, int[] chosen) {
    int values = spec.predictionValues();
    int ofAnImage = chosen.length / images;
    float[] target_RV = new float[chosen.length * values];
    Patches.forEachImage(
        images_BCHW,
        images,
        (image, pixels_CHW) -> {
          for (int row = image * ofAnImage; row < (image + 1) * ofAnImage; row++) {
            Patches.targetPatch(
                pixels_CHW,
                spec.predictionGrid(),
                spec.patchSize() * spec.predictionDownsampling(),
                spec.channels(),
                chosen[row],
                target_RV,
                row * values);
            if (spec.normalizedTarget()) {
              Patches.normalize(target_RV, row * values, values);
            }
          }
        });
    return ops.uploadState(target_RV, chosen.length, values);
  }

  /** The hidden share of each large patch, over the mean of these shares. */
  private float[] hiddenShares(TokenOrder order) {
    Grid large = spec.predictionGrid();
    int side = spec.predictionDownsampling();
    int hidden = order.masked().length / order.images();
    float[] shares_R = new float[order.images() * large.patches()];
    for (int i = 0; i < order.masked().length; i++) {
      int row = order.masked()[i] / spec.grid().cols() / side;
      int col = order.masked()[i] % spec.grid().cols() / side;
      shares_R[i / hidden * large.patches() + large.patch(row, col)] +=
          (float) large.patches() / hidden;
    }
    return shares_R;
  }
}
