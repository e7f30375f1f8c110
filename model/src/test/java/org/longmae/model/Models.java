package org.longmae.model;

import java.util.SplittableRandom;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.TransformerConfig;

/** Models and batches that tests share. */
final class Models {
  static final OptimConfig OPTIM =
      new OptimConfig(OptimConfig.Kind.ADAMW, 1.5e-4, 0, 0, 0.9, 0.95, 1e-8, 0.05, 0, 0, 1);

  /** All sizes differ, so that a swapped axis cannot hide. */
  static final MaeSpec UNEQUAL =
      new MaeSpec(
          2,
          new Grid(2, 3),
          2,
          new TransformerConfig(12, 2, 3),
          new TransformerConfig(8, 2, 2),
          2,
          true);

  static final MaeSpec SMALL =
      new MaeSpec(
          3,
          new Grid(4, 4),
          4,
          new TransformerConfig(32, 2, 2),
          new TransformerConfig(16, 1, 2),
          4,
          true);

  private Models() {}

  static MaeSpec vit(int width, int depth, int heads, int decoderWidth, int image, int patch) {
    Grid grid = new Grid(image / patch, image / patch);
    int decoderHeads = decoderWidth == 384 ? 12 : 16;
    return new MaeSpec(
        3,
        grid,
        patch,
        new TransformerConfig(width, depth, heads),
        new TransformerConfig(decoderWidth, 8, decoderHeads),
        (int) (grid.patches() * 0.25),
        true);
  }

  /** Smooth pictures with some noise. */
  static float[] images(MaeSpec spec, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] images = new float[count * spec.imageValues()];
    double phase = random.nextDouble();
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) (Math.sin(phase + i * 0.37) + 0.3 * random.nextGaussian());
    }
    return images;
  }

  static int[] shuffles(MaeSpec spec, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] shuffles = new int[count * spec.patches()];
    for (int image = 0; image < count; image++) {
      int[] shuffle = Masking.shuffle(spec.grid(), 1, random);
      System.arraycopy(shuffle, 0, shuffles, image * spec.patches(), spec.patches());
    }
    return shuffles;
  }
}
