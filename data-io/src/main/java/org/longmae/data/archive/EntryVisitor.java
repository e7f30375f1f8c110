package org.longmae.data.archive;

/** Is told of each entry of an archive that is a file, in the archive's order. */
public interface EntryVisitor {
  /**
   * A file that can be read.
   *
   * @param name a clean relative path: no empty, {@code .} or {@code ..} segments
   */
  void file(String name, StoredFile file);

  /**
   * An entry that is not taken.
   *
   * @param name for people; control characters are replaced
   * @param reason what is wrong with it
   */
  void leftOut(String name, String reason);
}
