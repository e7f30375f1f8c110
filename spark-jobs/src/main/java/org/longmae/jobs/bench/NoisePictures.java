package org.longmae.jobs.bench;

import java.util.random.RandomGenerator;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;

/** Pictures to measure on: of the right size and spread, of nothing. */
final class NoisePictures {
  private NoisePictures() {}

  /** {@code values} normalised pixels. */
  static float[] of(RunConfig config, int values) {
    RandomGenerator random = config.randomness().stream(Purpose.AUGMENT, 0, 0);
    float[] noise = new float[values];
    for (int i = 0; i < values; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return noise;
  }
}
