package org.longmae.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.longmae.model.layer.Paths;

/**
 * What a classifier learns from in a step.
 *
 * @param images_BCHW normalised pixels
 * @param targets_BG what each class is to be given of an image; all zero where its class is unknown
 * @param paths of each block; empty where all images pass through all branches
 */
public record LabelledBatch(float[] images_BCHW, float[] targets_BG, List<Paths> paths) {
  public LabelledBatch {
    paths = List.copyOf(paths);
  }

  /** The same with these paths. */
  public LabelledBatch along(List<Paths> others) {
    return new LabelledBatch(images_BCHW, targets_BG, others);
  }

  /** Images [from, to) of {@code images} in all. */
  LabelledBatch part(int from, int to, int images) {
    List<Paths> parts = new ArrayList<>();
    for (Paths block : paths) {
      parts.add(
          new Paths(
              part(block.attention_B(), from, to, images), part(block.mlp_B(), from, to, images)));
    }
    return new LabelledBatch(
        part(images_BCHW, from, to, images), part(targets_BG, from, to, images), parts);
  }

  private static float[] part(float[] all, int from, int to, int images) {
    int one = all.length / images;
    return Arrays.copyOfRange(all, from * one, to * one);
  }
}
