package org.longmae.data.scenes;

import java.util.List;
import org.longmae.data.image.Picture;

/**
 * One rendered picture and what is truly visible in it.
 *
 * @param picture the pixels
 * @param objects what is visible, largest visible area first; the first is the main object, which
 *     gives the picture its class
 */
public record Scene(Picture picture, List<SceneObject> objects) {
  /** Copies the list. */
  public Scene {
    objects = List.copyOf(objects);
  }
}
