package org.longmae.model;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * A kernel that embeds patches of p pixels made into one for patches of q: of all kernels the one
 * that gives a resized patch what the old one gave the patch itself, as nearly as can be. With B
 * the matrix of the antialiased bicubic resize of a patch, x' = B·x, the new kernel is the pseudo-
 * inverse of Bᵀ times the old one. Rows and columns are resized apart, so B is a Kronecker product
 * and so is its inverse.
 *
 * @see <a href="https://arxiv.org/abs/2212.08013">Beyer et al.: FlexiViT (2022), 3.4</a>
 */
public final class ResampledPatchKernel {
  private ResampledPatchKernel() {}

  /**
   * Resamples a kernel.
   *
   * @param kernel D·C·p·p values
   * @param from p
   * @param to q
   * @return D·C·q·q values
   * @throws IllegalArgumentException if the kernel is no multiple of p·p long
   */
  public static float[] of(float[] kernel, int from, int to) {
    if (kernel.length % (from * from) != 0) {
      throw new IllegalArgumentException(
          String.format(
              "kernel must have a multiple of %s · %s values but had %s",
              from, from, kernel.length));
    }
    if (from == to) {
      return kernel.clone();
    }
    RealMatrix resize = new Array2DRowRealMatrix(Cubic.ANTIALIASED.weights(from, to), false);
    RealMatrix inverse =
        new SingularValueDecomposition(resize.transpose()).getSolver().getInverse();
    int planes = kernel.length / (from * from);
    float[] resampled = new float[planes * to * to];
    for (int plane = 0; plane < planes; plane++) {
      RealMatrix old = new Array2DRowRealMatrix(from, from);
      for (int i = 0; i < from * from; i++) {
        old.setEntry(i / from, i % from, kernel[plane * from * from + i]);
      }
      RealMatrix fresh = inverse.multiply(old).multiply(inverse.transpose());
      for (int i = 0; i < to * to; i++) {
        resampled[plane * to * to + i] = (float) fresh.getEntry(i / to, i % to);
      }
    }
    return resampled;
  }
}
