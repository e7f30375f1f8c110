package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Shapes;
import org.longmae.model.ops.Tensor;

/**
 * An affine map of each row.
 *
 * <pre>
 *   forward    y = x Wᵀ + b
 *   backward   dx = dy W        dW = dyᵀ x        db = Σ_R dy
 * </pre>
 *
 * <p>Derivation: docs/math.md, "Linear".
 */
public final class Linear {
  private Linear() {}

  /** The weights, of the compute type; a gradient has the same type. */
  public record Params(Tensor weight_OI, Tensor bias_O) {}

  /** What backward needs: the input, not copied. */
  public record Saved(Tensor x_RI) {}

  /** Returns y_RO. */
  public static Forward<Saved> forward(Ops ops, Tensor x_RI, Params p) {
    Tensor w_OI = p.weight_OI();
    Shapes.require("x", x_RI, "RI", x_RI.size(0), w_OI.size(1));
    return new Forward<>(ops.linear(x_RI, w_OI, p.bias_O()), new Saved(x_RI));
  }

  /** Returns dX_RI and sets {@code grad}. */
  public static Tensor backward(Ops ops, Tensor dY_RO, Saved saved, Params p, Params grad) {
    backwardToWeights(ops, dY_RO, saved, grad);
    return ops.linearInputGradient(dY_RO, p.weight_OI());
  }

  /** Sets {@code grad} only: for a first layer, whose input has no gradient. */
  public static void backwardToWeights(Ops ops, Tensor dY_RO, Saved saved, Params grad) {
    ops.linearWeightGradient(dY_RO, saved.x_RI(), grad.weight_OI(), grad.bias_O());
  }
}
