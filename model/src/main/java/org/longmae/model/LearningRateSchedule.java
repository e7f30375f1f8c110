package org.longmae.model;

import java.io.Serializable;
import org.longmae.conf.RunConfig;

/**
 * Linear warm-up from zero, then half a cosine down to a minimum.
 *
 * <pre>
 *   e &lt; w    peak · e/w
 *   e ≥ w    min + (peak − min) · (1 + cos(π (e − w)/(E − w)))/2
 * </pre>
 *
 * @param peak learning rate at the end of warm-up
 * @param min learning rate at the end
 * @param warmupEpochs w
 * @param epochs E
 */
public record LearningRateSchedule(double peak, double min, double warmupEpochs, double epochs)
    implements Serializable {
  public LearningRateSchedule {
    if (!(warmupEpochs >= 0 && warmupEpochs <= epochs)) {
      throw new IllegalArgumentException(
          String.format(
              "warm-up must be between 0 and %s epochs but was %s", epochs, warmupEpochs));
    }
  }

  /** The schedule of a run. */
  public static LearningRateSchedule of(RunConfig run) {
    return new LearningRateSchedule(
        run.learningRate(),
        run.optim().minRate(),
        run.optim().warmupEpochs(),
        run.train().epochs());
  }

  /**
   * The learning rate of a step.
   *
   * @param epoch fractional: epochs done plus the share of the current one
   */
  public double rate(double epoch) {
    if (epoch < warmupEpochs) {
      return peak * epoch / warmupEpochs;
    }
    if (epoch >= epochs) {
      return min;
    }
    double progress = (epoch - warmupEpochs) / (epochs - warmupEpochs);
    return min + (peak - min) * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
}
