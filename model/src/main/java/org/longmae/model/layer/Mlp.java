package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Two linear maps with an exact GELU between them, four times as wide inside.
 *
 * <pre>
 *   forward    h = x W₁ᵀ + b₁      g = GELU(h) = h Φ(h)      y = g W₂ᵀ + b₂
 *   backward   dg from y = Linear(g)      dh = dg ⊙ (Φ(h) + h φ(h))      dx from h = Linear(x)
 * </pre>
 *
 * <p>Φ is the normal distribution's integral, by erf: GELU(1) = 0.8413. Backward needs h for the
 * GELU and g for W₂; both are kept, as recomputing g costs an erf an element. Derivation:
 * docs/math.md, "GELU" and "MLP".
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks, Gimpel: Gaussian Error Linear Units
 *     (2016)</a>
 */
public final class Mlp {
  private Mlp() {}

  /** The weights; a gradient has the same type. */
  public record Params(Linear.Params widen, Linear.Params narrow) {}

  /** What backward needs. */
  public record Saved(Linear.Saved widen, Tensor hidden_RF, Linear.Saved narrow) {}

  /** Returns y_RD. */
  public static Forward<Saved> forward(Ops ops, Tensor x_RD, Params p) {
    Forward<Linear.Saved> hidden = Linear.forward(ops, x_RD, p.widen());
    Tensor activated_RF = ops.gelu(hidden.y());
    Forward<Linear.Saved> narrow = Linear.forward(ops, activated_RF, p.narrow());
    return new Forward<>(narrow.y(), new Saved(hidden.saved(), hidden.y(), narrow.saved()));
  }

  /** Returns dX_RD and sets {@code grad}. */
  public static Tensor backward(Ops ops, Tensor dY_RD, Saved saved, Params p, Params grad) {
    Tensor dActivated_RF = Linear.backward(ops, dY_RD, saved.narrow(), p.narrow(), grad.narrow());
    Tensor dHidden_RF = ops.geluBackward(dActivated_RF, saved.hidden_RF());
    return Linear.backward(ops, dHidden_RF, saved.widen(), p.widen(), grad.widen());
  }
}
