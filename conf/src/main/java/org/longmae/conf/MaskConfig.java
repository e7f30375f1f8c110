package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * How much of each image is hidden from the encoder.
 *
 * @param ratio share of patches masked, in (0, 1); He et al., arXiv:2111.06377, compares values
 * @param unit side, in patches, of the squares hidden together; 1 is plain MAE, larger units are
 *     the change of Hu et al., arXiv:2210.07224
 */
public record MaskConfig(double ratio, int unit) implements Serializable {
  public MaskConfig {
    require(ratio > 0 && ratio < 1, "mask.ratio", "must be in (0, 1) but was %s", ratio);
    require(unit >= 1, "mask.unit", "must be at least 1 patch but was %s", unit);
  }

  /** K = ⌊L·(1 − ratio)⌋ patches stay visible. */
  public int keptPatches(int patches) {
    // In double, as the reference does it: 100 patches at 0.9 keep 9, not 10.
    return (int) (patches * (1 - ratio));
  }
}
