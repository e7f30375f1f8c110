package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * The largest picture that is decoded. Checked in a file's length and header, before anything is
 * decoded, so that a hostile file costs neither memory nor time.
 *
 * @param fileMib length of a file in MiB
 * @param megapixels pixels of a picture in millions; each takes 3 bytes once decoded
 * @param scans passes over a JPEG's pixels; progressive files have about ten
 * @param metadataMib colour profiles, EXIF, thumbnails and texts of a file in MiB, unpacked
 */
public record LimitsConfig(int fileMib, int megapixels, int scans, int metadataMib)
    implements Serializable {
  public LimitsConfig {
    range("file-mib", fileMib, 1024);
    // OpenCV decodes at most 2^30 pixels.
    range("megapixels", megapixels, 1000);
    range("scans", scans, 10_000);
    range("metadata-mib", metadataMib, 1024);
  }

  private static void range(String key, int value, int most) {
    require(
        value >= 1 && value <= most,
        "data.limits." + key,
        "must be in [1, %s] but was %s",
        most,
        value);
  }

  /** {@link #fileMib} in bytes. */
  public long fileBytes() {
    return (long) fileMib << 20;
  }

  /** {@link #megapixels} in pixels. */
  public long pixels() {
    return megapixels * 1_000_000L;
  }

  /** {@link #metadataMib} in bytes. */
  public long metadataBytes() {
    return (long) metadataMib << 20;
  }
}
