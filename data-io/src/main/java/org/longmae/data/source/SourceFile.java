package org.longmae.data.source;

import org.longmae.data.archive.StoredFile;

/**
 * A file of a source.
 *
 * @param origin path of the file, or of the archive that the user has put it in
 * @param name relative to the source's root, as if archives were unpacked in place
 */
record SourceFile(String origin, String name, StoredFile file) {
  /** For messages. */
  String place() {
    return file instanceof StoredFile.Whole ? origin : origin + "!/" + name;
  }

  /** The name without folders. */
  String lastName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** The last name without its extension. */
  String stem() {
    String last = lastName();
    return last.substring(0, last.lastIndexOf('.'));
  }
}
