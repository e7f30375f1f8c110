package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * One token out of each cell of k × k tokens: a convolution whose kernel and stride are k.
 *
 * <pre>
 *   forward    y = x' W'ᵀ + b       x' a cell's M = k·k tokens side by side     W' [out, M·in]
 *   backward   as Linear
 * </pre>
 *
 * <p>Cells do not overlap, so with rows in the cells' order (a cell's tokens one after the other,
 * its upper row first) the convolution is an affine map of rows M times as long. The weight is kept
 * as PyTorch keeps it, [out, in, ky, kx]; its two inner axes are swapped for each step, which is
 * nothing beside the product.
 */
public final class Downsample {
  private Downsample() {}

  /** The weights, of the compute type; a gradient has the same type. */
  public record Params(Tensor weight_OIM, Tensor bias_O) {
    private Linear.Params linear(Ops ops) {
      long out = weight_OIM.size(0);
      Tensor weight_OMI = ops.permute(weight_OIM, 0, 2, 1);
      return new Linear.Params(ops.reshape(weight_OMI, out, weight_OIM.length() / out), bias_O);
    }
  }

  /** What backward needs. */
  public record Saved(Linear.Saved cells, Linear.Params weights) {}

  /**
   * Returns y_SO, a row a cell.
   *
   * @param x_RI M rows a cell
   */
  public static Forward<Saved> forward(Ops ops, Tensor x_RI, Params p) {
    long inCell = p.weight_OIM().size(2);
    Linear.Params weights = p.linear(ops);
    Tensor cells_SP = ops.reshape(x_RI, x_RI.size(0) / inCell, inCell * x_RI.size(1));
    Forward<Linear.Saved> y = Linear.forward(ops, cells_SP, weights);
    return new Forward<>(y.y(), new Saved(y.saved(), weights));
  }

  /** Returns dX_RI and sets {@code grad}. */
  public static Tensor backward(Ops ops, Tensor dY_SO, Saved saved, Params p, Params grad) {
    long out = p.weight_OIM().size(0);
    long in = p.weight_OIM().size(1);
    long inCell = p.weight_OIM().size(2);
    Tensor dW_OP = ops.computeZeros(out, inCell * in);
    Tensor dCells_SP =
        Linear.backward(
            ops, dY_SO, saved.cells(), saved.weights(), new Linear.Params(dW_OP, grad.bias_O()));
    ops.cast(ops.permute(ops.reshape(dW_OP, out, inCell, in), 0, 2, 1), grad.weight_OIM());
    return ops.reshape(dCells_SP, dY_SO.size(0) * inCell, in);
  }
}
