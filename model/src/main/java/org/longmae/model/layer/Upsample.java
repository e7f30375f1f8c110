package org.longmae.model.layer;

import java.util.stream.IntStream;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * A cell of k × k tokens out of each token: a transposed convolution whose kernel and stride are k.
 *
 * <pre>
 *   forward    y' = x W'ᵀ + b'      y' a cell's M = k·k tokens side by side     W' [M·out, in]
 *   backward   as Linear            db = Σ_M db', as b' is b for each of the M tokens
 * </pre>
 *
 * <p>Rows of y are in the cells' order, as {@link Downsample} takes them. The weight is kept as
 * PyTorch's transposed convolution keeps it, [in, out, ky, kx], and turned round for each step.
 */
public final class Upsample {
  private Upsample() {}

  /** The weights, of the compute type; a gradient has the same type. */
  public record Params(Tensor weight_IOM, Tensor bias_O) {
    private Linear.Params linear(Ops ops) {
      long in = weight_IOM.size(0);
      long rows = weight_IOM.length() / in;
      Tensor weight_MOI = ops.permute(weight_IOM, 2, 1, 0);
      Tensor bias_1O = ops.reshape(bias_O, 1, bias_O.length());
      Tensor bias_MO = ops.gatherRows(bias_1O, new int[(int) weight_IOM.size(2)]);
      return new Linear.Params(ops.reshape(weight_MOI, rows, in), ops.reshape(bias_MO, rows));
    }
  }

  /** What backward needs. */
  public record Saved(Linear.Saved x, Linear.Params weights) {}

  /** Returns y_SO, M rows a row of x. */
  public static Forward<Saved> forward(Ops ops, Tensor x_RI, Params p) {
    Linear.Params weights = p.linear(ops);
    Forward<Linear.Saved> cells = Linear.forward(ops, x_RI, weights);
    long out = p.bias_O().length();
    Tensor y_SO = ops.reshape(cells.y(), cells.y().length() / out, out);
    return new Forward<>(y_SO, new Saved(cells.saved(), weights));
  }

  /** Returns dX_RI and sets {@code grad}. */
  public static Tensor backward(Ops ops, Tensor dY_SO, Saved saved, Params p, Params grad) {
    long in = p.weight_IOM().size(0);
    long out = p.weight_IOM().size(1);
    long inCell = p.weight_IOM().size(2);
    Tensor dCells_RP = ops.reshape(dY_SO, dY_SO.size(0) / inCell, inCell * out);
    Tensor dW_PI = ops.computeZeros(inCell * out, in);
    Tensor dB_P = ops.computeZeros(inCell * out);
    Tensor dX_RI =
        Linear.backward(ops, dCells_RP, saved.x(), saved.weights(), new Linear.Params(dW_PI, dB_P));
    ops.cast(ops.permute(ops.reshape(dW_PI, inCell, out, in), 2, 1, 0), grad.weight_IOM());
    int[] all = IntStream.range(0, (int) inCell).toArray();
    ops.sumRows(ops.reshape(dB_P, inCell, out), all, grad.bias_O());
    return dX_RI;
  }
}
