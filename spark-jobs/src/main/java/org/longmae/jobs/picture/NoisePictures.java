package org.longmae.jobs.picture;

import java.util.random.RandomGenerator;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;

/** Pictures to measure on: of the right size and spread, of nothing. */
public final class NoisePictures {
  private NoisePictures() {}

  /** {@code values} normalised pixels. */
  public static float[] of(RunConfig config, int values) {
    return of(config, values, 0);
  }

  /** The same, others for every {@code step}. */
  public static float[] of(RunConfig config, int values, int step) {
    RandomGenerator random = config.randomness().stream(Purpose.AUGMENT, step, 0);
    float[] noise = new float[values];
    for (int i = 0; i < values; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return noise;
  }
}
