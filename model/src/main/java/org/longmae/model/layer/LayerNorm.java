package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Layer normalisation of each row, with learned scale γ and shift β.
 *
 * <pre>
 *   forward    x̂ = (x − mean(x)) · r     r = 1/√(var(x) + ε)     y = γ ⊙ x̂ + β
 *   backward   dx̂ = γ ⊙ dy               dx = r · (dx̂ − mean(dx̂) − x̂ ⊙ mean(dx̂ ⊙ x̂))
 *              dγ = Σ_R dy ⊙ x̂           dβ = Σ_R dy
 * </pre>
 *
 * <p>Means run over D; var divides by D, not D − 1. Statistics, γ and β are of the state's type:
 * rounded to bf16, a mean would lose what it is subtracted for. Derivation: docs/math.md, "Layer
 * norm".
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton: Layer Normalization (2016)</a>
 */
public final class LayerNorm {
  /** ε as in MAE, where frameworks default to 1e-5. */
  public static final double EPSILON = 1e-6;

  private LayerNorm() {}

  /** The weights, of the state's type; a gradient has the same type. */
  public record Params(Tensor scale_D, Tensor shift_D) {}

  /** What backward needs: the input is kept anyway by the residual, so x̂ is recomputed from it. */
  public record Saved(Tensor x_RD, Ops.Normalized normalized) {}

  /** Returns y_RD. */
  public static Forward<Saved> forward(Ops ops, Tensor x_RD, Params p) {
    Ops.Normalized normalized = ops.layerNorm(x_RD, p.scale_D(), p.shift_D(), EPSILON);
    return new Forward<>(normalized.y_RD(), new Saved(x_RD, normalized));
  }

  /** Returns dX_RD and sets {@code grad}. */
  public static Tensor backward(Ops ops, Tensor dY_RD, Saved saved, Params p, Params grad) {
    return ops.layerNormBackward(
        dY_RD,
        saved.x_RD(),
        saved.normalized(),
        p.scale_D(),
        p.shift_D(),
        grad.scale_D(),
        grad.shift_D());
  }
}
