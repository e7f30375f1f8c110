package org.longmae.model.ops;

/**
 * One step of Adam with decoupled weight decay.
 *
 * <pre>
 *   g ← s·g
 *   m ← β₁·m + (1 − β₁)·g        v ← β₂·v + (1 − β₂)·g²
 *   θ ← θ·(1 − η·λ)              θ ← θ − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>A backend may compute the same with the two corrections drawn out of the loop: with c = √(1 −
 * β₂ᵗ), the last line is θ − (η·c/(1 − β₁ᵗ)) · m / (√v + ε·c). Derivation: docs/math.md, "AdamW".
 *
 * @param rate η, the learning rate of this step
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon ε
 * @param decay λ; 0 where weights are not decayed
 * @param step t, counted from 1
 * @param gradientScale s, which the gradient is multiplied by where it is read; 1 but for clipping
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov, Hutter: Decoupled Weight Decay
 *     Regularization (2019)</a>
 */
public record AdamW(
    double rate,
    double beta1,
    double beta2,
    double epsilon,
    double decay,
    long step,
    double gradientScale) {
  public AdamW {
    if (step < 1) {
      throw new IllegalArgumentException("optimiser step must be at least 1 but was " + step);
    }
  }

  /** A step along the gradient as it is. */
  public AdamW(double rate, double beta1, double beta2, double epsilon, double decay, long step) {
    this(rate, beta1, beta2, epsilon, decay, step, 1);
  }

  /** 1 − η·λ, which the weights are multiplied by. */
  public double keep() {
    return 1 - rate * decay;
  }

  /** c = √(1 − β₂ᵗ). */
  private double secondCorrection() {
    return Math.sqrt(1 - Math.pow(beta2, step));
  }

  /** η·c/(1 − β₁ᵗ), the length of the step along m / (√v + ε·c). */
  public double correctedRate() {
    return rate * secondCorrection() / (1 - Math.pow(beta1, step));
  }

  /** ε·c. */
  public double correctedEpsilon() {
    return epsilon * secondCorrection();
  }
}
