package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * What is done to pictures on their way into shards. A picture that needs nothing done is stored as
 * its file was, byte for byte; docs/shard-format.md says when one is encoded again.
 *
 * @param shrink which side is brought down
 * @param shrinkTo pixels that this side is brought to where it is longer; smaller pictures stay
 * @param quality of pictures that are encoded as JPEG again, 1 to 100
 * @param duplicates what becomes of files with the same bytes
 */
public record PrepareConfig(Shrink shrink, int shrinkTo, int quality, Duplicates duplicates)
    implements Serializable {
  /** The side of a picture that is brought down to a length. */
  public enum Shrink {
    /** Sizes stay. */
    NONE,
    /** The longer one. */
    LONGEST,
    /** The shorter one. */
    SHORTEST
  }

  /** What becomes of files with the same bytes. */
  public enum Duplicates {
    /** All of them stay; nothing is looked for. */
    KEEP,
    /** The first by name stays. */
    DROP
  }

  public PrepareConfig {
    require(shrinkTo >= 16, "data.prepare.shrink-to", "must be at least 16 but was %s", shrinkTo);
    require(
        quality >= 1 && quality <= 100,
        "data.prepare.quality",
        "must be in [1, 100] but was %s",
        quality);
  }
}
