package org.longmae.data.scenes;

import java.io.Serializable;
import java.util.List;

/**
 * One written picture, as COCO's annotations describe it.
 *
 * @param index number of the picture, from 0
 * @param width in pixels
 * @param height in pixels
 * @param objects what is visible, largest visible area first
 */
public record ScenePicture(long index, int width, int height, List<SceneObject> objects)
    implements Serializable {
  /** Copies the list. */
  public ScenePicture {
    objects = List.copyOf(objects);
  }

  /** The picture's id in COCO's files, from 1. */
  public long imageId() {
    return index + 1;
  }

  /** The file's name: the id in twelve digits, as COCO names its pictures. */
  public String fileName() {
    return fileName(index);
  }

  static String fileName(long index) {
    String digits = Long.toString(index + 1);
    return "0".repeat(Math.max(0, 12 - digits.length())) + digits + ".jpg";
  }
}
