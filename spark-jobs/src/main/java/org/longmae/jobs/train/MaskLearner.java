package org.longmae.jobs.train;

import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.model.MaeEngine;
import org.longmae.model.TrainingEngine;

/** Pre-training: a masked autoencoder, and masks by (epoch, sample). */
final class MaskLearner implements Learner {
  private final RunConfig config;
  private final MaeEngine engine;
  private final BatchMasks masks;

  MaskLearner(RunConfig config, int threads, int device) {
    this.config = config;
    masks = new BatchMasks(config, Purpose.MASK);
    engine = MaeEngine.open(config, threads, device);
  }

  @Override
  public TrainingEngine engine() {
    return engine;
  }

  @Override
  public void initialize() {
    engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
  }

  @Override
  public double step(Batch batch, int epoch, double rate, long t) {
    return engine.step(batch.images_BCHW(), masks.of(batch.ids(), epoch), rate, t);
  }

  @Override
  public void close() {
    engine.close();
  }
}
