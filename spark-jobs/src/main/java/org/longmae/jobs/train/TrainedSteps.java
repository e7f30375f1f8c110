package org.longmae.jobs.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What training some steps measured.
 *
 * @param losses mean loss of each step, in order
 * @param seconds from the first step's start to the last one's end
 * @param waitSeconds of these, spent waiting for pictures
 */
record TrainedSteps(float[] losses, double seconds, double waitSeconds) implements Serializable {
  /** The losses, boxed. */
  List<Float> lossList() {
    List<Float> list = new ArrayList<>(losses.length);
    for (float loss : losses) {
      list.add(loss);
    }
    return list;
  }
}
