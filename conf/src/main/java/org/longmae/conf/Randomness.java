package org.longmae.conf;

import java.io.Serializable;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * All randomness of a run, as a pure function of (seed, purpose, epoch, id).
 *
 * <p>A generator is never shared and never continued: whoever needs randomness asks for the stream
 * of its own purpose, epoch and sample. So a picture's crop and mask are the same whichever worker,
 * thread or retry draws them, and whatever was drawn before. Keys are mixed with the finaliser of
 * SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
 *
 * @param seed the run's seed
 */
public record Randomness(long seed) implements Serializable {
  /** What a stream is drawn for; two purposes never share a stream. */
  public enum Purpose {
    /** Initial weights. */
    WEIGHTS(1),
    /** Order of samples in an epoch. */
    ORDER(2),
    /** Crop and flip of a sample. */
    AUGMENT(3),
    /** Mask of a sample in training. */
    MASK(4),
    /** Mask of a sample in evaluation: the same at every epoch. */
    HELD_OUT_MASK(5),
    /** Which pictures are held out, and the order of pictures in shards. */
    SHARD(6),
    /** Built-in scenes. */
    SCENE(7),
    /** How the pictures of a batch are mixed in fine-tuning. */
    MIX(8),
    /** Which branches a sample passes by in fine-tuning. */
    DROP_PATH(9);

    private final long key;

    Purpose(long key) {
      this.key = key;
    }
  }

  /** A fresh stream; the same arguments always give the same numbers. */
  public RandomGenerator stream(Purpose purpose, long epoch, long id) {
    long key = mix(seed + GOLDEN_GAMMA);
    key = mix(key ^ purpose.key * GOLDEN_GAMMA);
    key = mix(key ^ (epoch + 1) * GOLDEN_GAMMA);
    key = mix(key ^ (id + 1) * GOLDEN_GAMMA);
    return new SplittableRandom(key);
  }

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
