package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * How the workers' results become one state; of no effect with one worker, which exchanges nothing.
 *
 * @param strategy what is made of the mean of the workers' parameters
 * @param slowmo its settings, where it is chosen
 * @param diloco its settings, where it is chosen
 * @param moments what becomes of the optimiser's moments
 * @param growth how the number of local steps changes over the run
 * @param warmupSteps local steps of a round while the learning rate warms up, where {@code growth}
 *     is {@code warmup}
 * @param quadraticRate α of the quadratic rule, in units of the learning rate
 */
public record AveragingConfig(
    Strategy strategy,
    OuterConfig slowmo,
    OuterConfig diloco,
    Moments moments,
    Growth growth,
    int warmupSteps,
    double quadraticRate)
    implements Serializable {
  /** The rules by which workers' parameters become the next round's. */
  public enum Strategy {
    /** Their mean. */
    MEAN,
    /** Slow momentum: Wang et al., arXiv:1910.00643. */
    SLOWMO,
    /** Nesterov momentum on the averaged change: Douillard et al., arXiv:2311.08105. */
    DILOCO
  }

  /** What a round starts its moments from. */
  public enum Moments {
    /** From the workers' mean. */
    AVERAGED,
    /** From zero, and Adam's bias correction with them: a third of the bytes. */
    RESET
  }

  /** How long rounds are. */
  public enum Growth {
    /** {@code train.local-steps}, always. */
    FIXED,
    /** {@code warmup-steps} while the learning rate warms up, then {@code train.local-steps}. */
    WARMUP,
    /**
     * Longer as the rate falls: the quadratic synchronisation rule, Gu et al., arXiv:2310.14423.
     */
    QUADRATIC
  }

  /**
   * An optimiser over rounds.
   *
   * @param rate of its steps, positive
   * @param momentum in [0, 1)
   */
  public record OuterConfig(double rate, double momentum) implements Serializable {
    private void check(String key) {
      require(rate > 0, key + ".rate", "must be positive but was %s", rate);
      require(
          momentum >= 0 && momentum < 1,
          key + ".momentum",
          "must be in [0, 1) but was %s",
          momentum);
    }
  }

  public AveragingConfig {
    slowmo.check("averaging.slowmo");
    diloco.check("averaging.diloco");
    require(
        warmupSteps >= 1, "averaging.warmup-steps", "must be at least 1 but was %s", warmupSteps);
    require(
        quadraticRate > 0,
        "averaging.quadratic-rate",
        "must be positive but was %s",
        quadraticRate);
  }
}
