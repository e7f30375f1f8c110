package org.longmae.data.source;

import java.io.Serializable;
import java.util.List;

/**
 * All pictures of a source. About 400 bytes of memory a picture; annotations stay in a file.
 *
 * @param entries sorted by name
 * @param classNames what labels and categories are indices into; empty without classes
 * @param leftOut pictures that archives name but that are not taken
 */
public record SourceListing(
    List<SourceEntry> entries, List<String> classNames, List<LeftOut> leftOut)
    implements Serializable {
  public SourceListing {
    entries = List.copyOf(entries);
    classNames = List.copyOf(classNames);
    leftOut = List.copyOf(leftOut);
  }

  /** A listing of which nothing is left out. */
  public SourceListing(List<SourceEntry> entries, List<String> classNames) {
    this(entries, classNames, List.of());
  }
}
