package org.longmae.model;

/** Convolutions without overlap as their formulas say, on [B, C, H, W], in double, with loops. */
final class NaiveConvolution {
  private NaiveConvolution() {}

  /**
   * PyTorch's conv2d with stride equal to the kernel's side.
   *
   * @param weight [out, in, side, side]
   * @return [B, out, rows / side, cols / side]
   */
  static double[] shrink(
      double[] x, int images, int in, Grid grid, double[] weight, double[] bias, int side) {
    int out = bias.length;
    Grid coarse = new Grid(grid.rows() / side, grid.cols() / side);
    double[] y = new double[images * out * coarse.patches()];
    for (int b = 0; b < images; b++) {
      for (int o = 0; o < out; o++) {
        for (int row = 0; row < coarse.rows(); row++) {
          for (int col = 0; col < coarse.cols(); col++) {
            double sum = bias[o];
            for (int i = 0; i < in; i++) {
              for (int ky = 0; ky < side; ky++) {
                for (int kx = 0; kx < side; kx++) {
                  int patch = grid.patch(row * side + ky, col * side + kx);
                  sum +=
                      x[(b * in + i) * grid.patches() + patch]
                          * weight[((o * in + i) * side + ky) * side + kx];
                }
              }
            }
            y[(b * out + o) * coarse.patches() + coarse.patch(row, col)] = sum;
          }
        }
      }
    }
    return y;
  }

  /**
   * PyTorch's conv_transpose2d with stride equal to the kernel's side.
   *
   * @param weight [in, out, side, side]
   * @return [B, out, rows · side, cols · side]
   */
  static double[] grow(
      double[] x, int images, int in, Grid grid, double[] weight, double[] bias, int side) {
    int out = bias.length;
    Grid fine = new Grid(grid.rows() * side, grid.cols() * side);
    double[] y = new double[images * out * fine.patches()];
    for (int b = 0; b < images; b++) {
      for (int o = 0; o < out; o++) {
        for (int row = 0; row < fine.rows(); row++) {
          for (int col = 0; col < fine.cols(); col++) {
            int from = grid.patch(row / side, col / side);
            double sum = bias[o];
            for (int i = 0; i < in; i++) {
              sum +=
                  x[(b * in + i) * grid.patches() + from]
                      * weight[((i * out + o) * side + row % side) * side + col % side];
            }
            y[(b * out + o) * fine.patches() + fine.patch(row, col)] = sum;
          }
        }
      }
    }
    return y;
  }
}
