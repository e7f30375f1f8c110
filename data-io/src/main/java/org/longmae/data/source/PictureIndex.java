package org.longmae.data.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds pictures by what annotation files call them. About 100 bytes of memory a picture; it does
 * not grow with the annotations.
 */
final class PictureIndex {
  private static final int ABSENT = -1;
  private static final int SEVERAL = -2;

  private final List<SourceFile> pictures;
  private final Map<String, Integer> byStem;

  /** Indexes pictures that are sorted by name. */
  PictureIndex(List<SourceFile> pictures) {
    this.pictures = pictures;
    byStem = new HashMap<>(pictures.size() * 2);
    for (int i = 0; i < pictures.size(); i++) {
      byStem.merge(pictures.get(i).stem(), i, (first, next) -> SEVERAL);
    }
  }

  /** Place of the picture of exactly this name; negative if there is none. */
  int exact(String name) {
    int low = 0;
    int high = pictures.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = pictures.get(middle).name().compareTo(name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ABSENT;
  }

  /**
   * Place of the one picture with this last name, its extension there or not; negative if there is
   * none, or several.
   */
  int byName(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    int place = byStem.getOrDefault(last, ABSENT);
    if (place == ABSENT && last.contains(".")) {
      place = byStem.getOrDefault(last.substring(0, last.lastIndexOf('.')), ABSENT);
      if (place >= 0 && !pictures.get(place).lastName().equals(last)) {
        return ABSENT;
      }
    }
    return place;
  }
}
