package org.longmae.conf;

import java.io.Serializable;
import java.util.List;

/**
 * A stack of pre-norm transformer blocks.
 *
 * @param width features a token; divisible by {@code heads} and by 4 (for the sin-cos table)
 * @param depth blocks
 * @param heads attention heads
 */
public record TransformerConfig(int width, int depth, int heads) implements Serializable {
  void check(String key) {
    Checks.require(
        width >= 4 && width % 4 == 0,
        key + ".width",
        "must be a positive multiple of 4 (for the sin-cos position table) but was %s",
        width);
    Checks.require(depth >= 1, key + ".depth", "must be at least 1 but was %s", depth);
    Checks.require(heads >= 1, key + ".heads", "must be at least 1 but was %s", heads);
    Checks.require(
        width % heads == 0,
        List.of(key + ".width", key + ".heads"),
        "must be divisible by heads (%s) but was %s",
        heads,
        width);
  }

  /** Features a head, A. */
  public int headSize() {
    return width / heads;
  }
}
