package org.longmae.data.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.longmae.data.archive.StoredFile;

/**
 * Where the annotations of each picture lie in one sorted file, and what it mainly shows.
 *
 * <p>A picture's main object is the one with the largest area, the first of equals; without objects
 * the first of its labels counts.
 */
final class AnnotationFile {
  private final String path;
  private final long[] ends;
  private final int[] mainCategories;

  private AnnotationFile(String path, long[] ends, int[] mainCategories) {
    this.path = path;
    this.ends = ends;
    this.mainCategories = mainCategories;
  }

  /** Where a picture's records are; of no bytes if it has none. */
  private StoredFile.Stretch of(int picture) {
    long from = picture == 0 ? 0 : ends[picture - 1];
    return from == ends[picture]
        ? SourceEntry.NO_ANNOTATIONS
        : new StoredFile.Stretch(path, from, ends[picture] - from);
  }

  /** Category of a picture's main object, or {@link SourceEntry#NO_LABEL}. */
  private int mainCategory(int picture) {
    return mainCategories[picture];
  }

  /** A listing in which each picture has its annotations, and its main category as label. */
  SourceListing listing(FileTree tree, List<String> classNames) {
    List<SourceEntry> entries = new ArrayList<>(tree.pictures().size());
    for (SourceFile picture : tree.pictures()) {
      int place = entries.size();
      entries.add(
          new SourceEntry(
              picture.origin(), picture.name(), picture.file(), mainCategory(place), of(place)));
    }
    return new SourceListing(entries, classNames, tree.leftOut());
  }

  /** Takes records sorted by picture. */
  static final class Builder {
    private final String path;
    private final List<SourceFile> pictures;
    private final long[] ends;
    private final int[] mainCategories;
    private final Set<Long> objects = new HashSet<>();
    private int picture;
    private long bytes;
    private double largest = Double.NEGATIVE_INFINITY;

    Builder(String path, List<SourceFile> pictures) {
      this.path = path;
      this.pictures = pictures;
      ends = new long[pictures.size()];
      mainCategories = new int[pictures.size()];
      Arrays.fill(mainCategories, SourceEntry.NO_LABEL);
    }

    void add(int next, byte[] record) {
      while (picture < next) {
        ends[picture++] = bytes;
        largest = Double.NEGATIVE_INFINITY;
        objects.clear();
      }
      bytes += record.length;
      boolean isObject = AnnotationCodec.kind(record) == AnnotationCodec.OBJECT;
      long id = AnnotationCodec.id(record);
      if (isObject && id != AnnotationCodec.NO_ID && !objects.add(id)) {
        throw new SourceException(
            "[%s] annotation ids must be unique but this picture has two objects of id %d"
                .formatted(pictures.get(picture).place(), id));
      }
      boolean first = mainCategories[picture] == SourceEntry.NO_LABEL;
      if (isObject && AnnotationCodec.area(record) > largest) {
        largest = AnnotationCodec.area(record);
        mainCategories[picture] = AnnotationCodec.category(record);
      } else if (AnnotationCodec.isLabel(record) && first) {
        mainCategories[picture] = AnnotationCodec.category(record);
      }
    }

    AnnotationFile build() {
      Arrays.fill(ends, picture, ends.length, bytes);
      return new AnnotationFile(path, ends, mainCategories);
    }
  }
}
