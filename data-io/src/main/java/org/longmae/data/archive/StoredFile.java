package org.longmae.data.archive;

import java.io.Serializable;

/** Where a file's bytes lie, so that they can be read without anything else of the source. */
public sealed interface StoredFile extends Serializable {
  /** The file that is opened, with scheme: the file itself, or the archive. */
  String path();

  /** Length of the content. */
  long bytes();

  /** A file of its own. */
  record Whole(String path, long bytes) implements StoredFile {}

  /**
   * Consecutive bytes of another file, such as an entry of a tar.
   *
   * @param offset of the first byte
   */
  record Stretch(String path, long offset, long bytes) implements StoredFile {}

  /**
   * An entry of a zip.
   *
   * @param header offset of the entry's local header
   * @param stored bytes it takes in the zip
   * @param deflated whether these are compressed
   * @param crc32 of the content
   */
  record Zipped(String path, long header, long stored, long bytes, boolean deflated, long crc32)
      implements StoredFile {}
}
