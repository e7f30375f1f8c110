package org.longmae.data.source;

import java.io.Serializable;
import java.util.List;

/**
 * All pictures of a source.
 *
 * @param entries sorted by path
 * @param classNames what labels and categories are indices into; empty without classes
 */
public record SourceListing(List<SourceEntry> entries, List<String> classNames)
    implements Serializable {
  public SourceListing {
    entries = List.copyOf(entries);
    classNames = List.copyOf(classNames);
  }
}
