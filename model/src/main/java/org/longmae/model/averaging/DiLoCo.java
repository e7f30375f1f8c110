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
    for (int i = 0; i < intoMean.length; i++) {
      double change = (double) before[i] - intoMean[i];
      double u = momentum * intoMomentum[i] + change;
      intoMomentum[i] = (float) u;
      intoMean[i] = (float) (before[i] - outerRate * (change + momentum * u));
    }
  }
}
