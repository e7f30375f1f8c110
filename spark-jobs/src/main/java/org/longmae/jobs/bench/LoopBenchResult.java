package org.longmae.jobs.bench;

import java.util.List;

/**
 * The training service with one worker beside the bare loop.
 *
 * @param parameters of the model
 * @param batch images of a step
 * @param localSteps of a round
 * @param rounds that were timed in a pass
 * @param bare images a second of the bare loop, of each pass
 * @param service images a second of the service, of each pass
 */
public record LoopBenchResult(
    long parameters,
    int batch,
    int localSteps,
    int rounds,
    List<Double> bare,
    List<Double> service) {
  public LoopBenchResult {
    bare = List.copyOf(bare);
    service = List.copyOf(service);
  }

  /** The middle pass of the bare loop. */
  public double bareMedian() {
    return median(bare);
  }

  /** The middle pass of the service. */
  public double serviceMedian() {
    return median(service);
  }

  private static double median(List<Double> passes) {
    double[] sorted = passes.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
