package org.longmae.jobs.train;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.model.ClassifierSpec;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.TrainingEngine;

/**
 * What a run trains, and what it makes of a batch of pictures: all that pre-training and
 * fine-tuning differ in.
 *
 * <p>A step is a function of (state, batch, epoch, rate, t) and the configuration: whatever is
 * drawn for it is keyed by epoch and sample.
 */
sealed interface Learner extends AutoCloseable permits MaskLearner, ClassLearner {
  /** The replica; valid until this is closed. */
  TrainingEngine engine();

  /**
   * Goes to the state before the first step.
   *
   * @throws IOException if a checkpoint to start from cannot be read
   */
  void initialize() throws IOException;

  /**
   * Takes a step.
   *
   * @param epoch of the batch, from 0
   * @param rate learning rate
   * @param t of the optimiser's bias correction, from 1
   * @return the mean loss before it
   * @throws org.longmae.model.NonFiniteLossException if it cannot be taken
   */
  double step(Batch batch, int epoch, double rate, long t);

  @Override
  void close();

  /**
   * Opens what a run trains, without a state.
   *
   * @param classes of its pictures; of no meaning in pre-training
   * @param device index of the GPU, if there are several
   */
  static Learner open(
      Configuration hadoop, RunConfig config, int classes, int threads, int device) {
    return switch (config.task()) {
      case PRETRAIN -> new MaskLearner(config, threads, device);
      case FINETUNE -> new ClassLearner(hadoop, config, classes, threads, device);
    };
  }

  /** Parameters of what a run trains. */
  static ParameterLayout layout(RunConfig config, int classes) {
    return switch (config.task()) {
      case PRETRAIN -> ParameterLayout.of(MaeSpec.of(config));
      case FINETUNE -> ParameterLayout.of(ClassifierSpec.of(config, classes));
    };
  }
}
