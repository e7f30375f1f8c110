package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Stochastic depth: what the two branches of a block count for, image by image. An image passes a
 * branch by with the block's rate r; what is left of the branch makes up for it.
 *
 * <pre>
 *   forward    y = x + s · branch(x)      s = 0 with probability r, else 1/(1 − r)
 *   backward   dBranch = s · dy
 * </pre>
 *
 * @param attention_B s of the attention; empty where no image passes by
 * @param mlp_B s of the MLP; empty where no image passes by
 * @see <a href="https://arxiv.org/abs/1603.09382">Huang et al.: Deep Networks with Stochastic Depth
 *     (2016)</a>
 */
public record Paths(float[] attention_B, float[] mlp_B) {
  /** Every image through every branch: nothing is multiplied. */
  public static final Paths ALL = new Paths(new float[0], new float[0]);

  /** Returns the attention's s · y_RD; y_RD itself for {@link #ALL}. */
  Tensor attention(Ops ops, Tensor y_RD) {
    return scaled(ops, y_RD, attention_B);
  }

  /** Returns the MLP's s · y_RD; y_RD itself for {@link #ALL}. */
  Tensor mlp(Ops ops, Tensor y_RD) {
    return scaled(ops, y_RD, mlp_B);
  }

  private static Tensor scaled(Ops ops, Tensor y_RD, float[] factor_B) {
    return factor_B.length == 0 ? y_RD : ops.scaleImages(y_RD, factor_B);
  }
}
