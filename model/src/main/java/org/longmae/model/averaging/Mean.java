package org.longmae.model.averaging;

/**
 * Plain parameter averaging: θ ← Σ_w (n_w / B) · θ_w. With one local step of plain gradient descent
 * it is the step of the whole batch.
 *
 * @see <a href="https://arxiv.org/abs/1602.05629">McMahan et al.: Communication-efficient learning
 *     of deep networks from decentralized data (2017)</a>
 */
public record Mean() implements Averaging {
  @Override
  public boolean hasMomentum() {
    return false;
  }

  @Override
  public void step(float[] before, float[] intoMean, float[] intoMomentum, double rate) {
    // The mean is the step.
  }
}
