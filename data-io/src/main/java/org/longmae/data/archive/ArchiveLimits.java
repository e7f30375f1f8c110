package org.longmae.data.archive;

import java.io.Serializable;

/**
 * What an archive may claim before it is taken for an attack.
 *
 * @param entries most entries of one archive, those of archives inside it included
 * @param ratio most bytes that one stored byte may become
 */
public record ArchiveLimits(long entries, long ratio) implements Serializable {
  /**
   * ImageNet's archive has 1.3 million entries. JPEG hardly shrinks; annotations do about tenfold.
   */
  public static final ArchiveLimits DEFAULT = new ArchiveLimits(5_000_000, 200);

  /** What a few bytes may become whatever the ratio: plain pictures of one colour shrink well. */
  private static final long ALLOWANCE = 1 << 20;

  /** Whether {@code bytes} of content are too many for what is stored. */
  boolean exceeded(long stored, long bytes) {
    return bytes > ALLOWANCE && bytes / ratio > stored;
  }

  void checkCount(String archive, long count) {
    if (count > entries) {
      throw new ArchiveException(
          "[%s] archive must have at most %d entries (--max-archive-entries) but has more"
              .formatted(archive, entries));
    }
  }

  void checkTotal(String archive, long stored, long bytes) {
    if (exceeded(stored, bytes)) {
      throw new ArchiveException(
          ("[%s] archive of %d bytes must unpack to at most %d times as much"
                  + " (--max-archive-ratio) but unpacks to %d bytes or more")
              .formatted(archive, stored, ratio, bytes));
    }
  }
}
