package org.longmae.data.source;

import java.io.Serializable;
import org.longmae.data.archive.StoredFile;

/**
 * One picture file of a source; it may turn out to be broken.
 *
 * @param origin path with scheme of the file, or of the archive that the user has put it in
 * @param name path relative to the source's root
 * @param file where its bytes are read
 * @param label index into the listing's class names; -1 if the picture has none
 * @param annotations where its annotations are read; of no bytes if it has none
 */
public record SourceEntry(
    String origin, String name, StoredFile file, int label, StoredFile.Stretch annotations)
    implements Serializable {
  /** The label of a picture without one. */
  public static final int NO_LABEL = -1;

  /** Where a picture without annotations has them. */
  public static final StoredFile.Stretch NO_ANNOTATIONS = new StoredFile.Stretch("", 0, 0);

  /** A picture in a file of its own, without annotations. */
  public SourceEntry(String path, String name, long bytes, int label) {
    this(path, name, new StoredFile.Whole(path, bytes), label, NO_ANNOTATIONS);
  }

  /** For people: the file's path; in an archive, the archive's path, {@code !/} and the name. */
  public String path() {
    return file instanceof StoredFile.Whole ? origin : origin + "!/" + name;
  }

  /** Length of the file. */
  public long bytes() {
    return file.bytes();
  }
}
