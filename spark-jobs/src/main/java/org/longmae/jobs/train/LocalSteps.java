package org.longmae.jobs.train;

import org.longmae.conf.RunConfig;
import org.longmae.model.LearningRateSchedule;

/**
 * How many local steps a round takes, as a function of the step that it starts at.
 *
 * <pre>
 *   fixed       K
 *   warmup      K_w while the learning rate warms up, then K
 *   quadratic   max(K, ⌊(α/η)²⌋), where η is the round's first rate, and in warm-up the peak
 * </pre>
 *
 * <p>The quadratic rule: the lower the rate, the less workers drift apart in a step, and the more
 * steps they may take alone; what they gain on the way to flat minima grows with (α/η)².
 *
 * @param config of the run
 * @param schedule its rates
 * @param stepsPerEpoch full batches in an epoch
 * @see <a href="https://arxiv.org/abs/2310.14423">Gu, Lyu, Arora, Zhang, Huang: A quadratic
 *     synchronization rule for distributed deep learning (2024)</a>
 */
record LocalSteps(RunConfig config, LearningRateSchedule schedule, int stepsPerEpoch) {
  /** Steps of a round that starts when {@code done} steps are done. */
  long after(long done) {
    long base = config.train().localSteps();
    double epoch = (double) done / stepsPerEpoch;
    double warmup = config.optim().warmupEpochs();
    return switch (config.averaging().growth()) {
      case FIXED -> base;
      case WARMUP -> epoch < warmup ? config.averaging().warmupSteps() : base;
      case QUADRATIC -> {
        double ratio = config.averaging().quadraticRate() / schedule.rate(Math.max(epoch, warmup));
        // A rate of zero gives infinity, which becomes the longest there is.
        yield Math.max(base, (long) (ratio * ratio));
      }
    };
  }
}
