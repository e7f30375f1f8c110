package org.longmae.model.averaging;

/**
 * Gradient descent over rounds with Nesterov's momentum, on the change that a round made.
 *
 * <pre>
 *   Δ = θ_before − mean        u ← μ·u + Δ        θ ← θ_before − η·(Δ + μ·u)
 * </pre>
 *
 * <p>η = 1, μ = 0 is the mean.
 *
 * @param outerRate η
 * @param momentum μ
 * @see <a href="https://arxiv.org/abs/2311.08105">Douillard et al.: DiLoCo (2023)</a>
 */
public record DiLoCo(double outerRate, double momentum) implements Averaging {
  @Override
  public boolean hasMomentum() {
    return true;
  }

  @Override
  public void step(float[] before, float[] intoMean, float[] intoMomentum, double rate) {
    float inner = (float) momentum;
    float outer = (float) -outerRate;
    for (int i = 0; i < intoMean.length; i++) {
      float change = before[i] - intoMean[i];
      float u = Math.fma(inner, intoMomentum[i], change);
      intoMomentum[i] = u;
      intoMean[i] = Math.fma(outer, Math.fma(inner, u, change), before[i]);
    }
  }
}
