package org.longmae.model;

import org.longmae.model.layer.Forward;
import org.longmae.model.layer.Linear;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/** A linear map of each visible patch's pixels; hidden ones are not embedded. */
final class PatchEmbedding {
  private PatchEmbedding() {}

  /**
   * The embedded patches, B·K rows. Backward is that of {@link Linear}: pixels have no gradient.
   *
   * @param images_BCHW normalised pixels
   */
  static Forward<Linear.Saved> forward(
      Ops ops, float[] images_BCHW, TokenOrder order, EncoderSpec spec, Linear.Params p) {
    int values = spec.patchValues();
    int kept = order.visible().length / order.images();
    float[] patches_RV = new float[order.visible().length * values];
    Patches.forEachImage(
        images_BCHW,
        order.images(),
        (image, pixels_CHW) -> {
          for (int row = image * kept; row < (image + 1) * kept; row++) {
            Patches.patch(
                pixels_CHW,
                spec.grid(),
                spec.patchSize(),
                spec.channels(),
                order.visible()[row],
                patches_RV,
                row * values);
          }
        });
    Tensor x_RV = ops.upload(patches_RV, order.visible().length, values);
    return Linear.forward(ops, x_RV, p);
  }
}
