package org.longmae.jobs.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What training some steps measured.
 *
 * @param losses mean loss of each step, in order
 * @param ids of the pictures of each step, in order; empty if nobody wants to know
 * @param seconds from the first step's start to the last one's end
 * @param waitSeconds of these, spent waiting for pictures
 */
record TrainedSteps(float[] losses, List<long[]> ids, double seconds, double waitSeconds)
    implements Serializable {
  /** Of a round that failed. */
  static TrainedSteps none() {
    return new TrainedSteps(new float[0], List.of(), 0, 0);
  }

  /** The losses, boxed. */
  List<Float> lossList() {
    List<Float> list = new ArrayList<>(losses.length);
    for (float loss : losses) {
      list.add(loss);
    }
    return list;
  }

  /** The same without the pictures' ids. */
  TrainedSteps withoutIds() {
    return new TrainedSteps(losses, List.of(), seconds, waitSeconds);
  }

  /**
   * The steps of workers that shared each batch, as one worker would have taken them: losses are
   * means over the whole batch, pictures are in its order. Times are those of the slowest worker.
   *
   * @param reports of all workers, in their order
   */
  static TrainedSteps merged(List<WorkerReport> reports) {
    TrainedSteps first = reports.get(0).trained();
    float[] losses = new float[first.losses().length];
    for (int i = 0; i < losses.length; i++) {
      int step = i;
      losses[i] =
          (float)
              reports.stream()
                  .mapToDouble(report -> report.weight() * report.trained().losses()[step])
                  .sum();
    }
    List<long[]> ids = new ArrayList<>();
    for (int i = 0; i < first.ids().size(); i++) {
      int step = i;
      ids.add(
          reports.stream()
              .flatMapToLong(report -> LongStream.of(report.trained().ids().get(step)))
              .toArray());
    }
    return new TrainedSteps(
        losses,
        ids,
        reports.stream().mapToDouble(report -> report.trained().seconds()).max().orElse(0),
        reports.stream().mapToDouble(report -> report.trained().waitSeconds()).max().orElse(0));
  }
}
