package org.longmae.model.averaging;

/**
 * Slow momentum over rounds.
 *
 * <pre>
 *   u ← β·u + (θ_before − mean) / γ        θ ← θ_before − α·γ·u
 * </pre>
 *
 * <p>γ is the learning rate of the local steps, their mean where it changes within a round: so the
 * momentum is one of directions, and does not overshoot as the rate falls. A round whose rate is
 * zero has moved nothing, and only lets u decay. α = 1, β = 0 is the mean.
 *
 * @param slowRate α
 * @param momentum β
 * @see <a href="https://arxiv.org/abs/1910.00643">Wang, Tantia, Ballas, Rabbat: SlowMo (2020)</a>
 */
public record SlowMo(double slowRate, double momentum) implements Averaging {
  @Override
  public boolean hasMomentum() {
    return true;
  }

  @Override
  public void step(float[] before, float[] intoMean, float[] intoMomentum, double rate) {
    float inverse = (float) (rate > Float.MIN_NORMAL ? 1 / rate : 0);
    float inner = (float) momentum;
    float outer = (float) (-slowRate * rate);
    for (int i = 0; i < intoMean.length; i++) {
      float u = Math.fma(inner, intoMomentum[i], (before[i] - intoMean[i]) * inverse);
      intoMomentum[i] = u;
      intoMean[i] = Math.fma(outer, u, before[i]);
    }
  }
}
