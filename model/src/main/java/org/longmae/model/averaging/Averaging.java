package org.longmae.model.averaging;

import org.longmae.conf.AveragingConfig;

/**
 * Makes the next round's parameters of those before the round and of the mean of the workers'.
 * Every element is treated alike, so a vector may be worked on in parts, in any order; in single
 * precision, by loops that take a core's widest instructions.
 */
public sealed interface Averaging permits Mean, SlowMo, DiLoCo {
  /** What is configured. */
  static Averaging of(AveragingConfig config) {
    return switch (config.strategy()) {
      case MEAN -> new Mean();
      case SLOWMO -> new SlowMo(config.slowmo().rate(), config.slowmo().momentum());
      case DILOCO -> new DiLoCo(config.diloco().rate(), config.diloco().momentum());
    };
  }

  /** Whether it carries a momentum from round to round, and reads the parameters before. */
  boolean hasMomentum();

  /**
   * Takes one step over a round.
   *
   * @param before parameters at the round's start; empty if there is no momentum
   * @param intoMean the mean of the workers' parameters; becomes the next round's parameters
   * @param intoMomentum of the rounds before, zeros at first; becomes the next one's; empty if
   *     there is no momentum
   * @param rate mean learning rate of the round's local steps
   */
  void step(float[] before, float[] intoMean, float[] intoMomentum, double rate);
}
