package org.longmae.model.layer;

import java.util.Arrays;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * The mean of each image's rows.
 *
 * <pre>
 *   forward    y_b = Σ x_r / T over the image's T rows
 *   backward   dx_r = dy_b / T
 * </pre>
 */
public final class MeanPool {
  private MeanPool() {}

  /** What backward needs: B images of {@code rows} rows each. */
  public record Saved(int images, int rows) {}

  /** Returns y_BD. */
  public static Forward<Saved> forward(Ops ops, Tensor x_RD, int images) {
    int rows = Math.toIntExact(x_RD.size(0) / images);
    return new Forward<>(ops.meanRows(x_RD, images), new Saved(images, rows));
  }

  /** Returns dX_RD. */
  public static Tensor backward(Ops ops, Tensor dY_BD, Saved saved) {
    float[] share_B = new float[saved.images()];
    Arrays.fill(share_B, 1f / saved.rows());
    int[] image = new int[saved.images() * saved.rows()];
    Arrays.setAll(image, row -> row / saved.rows());
    return ops.gatherRows(ops.scaleImages(dY_BD, share_B), image);
  }
}
