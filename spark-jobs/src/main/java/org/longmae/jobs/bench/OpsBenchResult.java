package org.longmae.jobs.bench;

import java.util.List;
import org.longmae.model.ops.OpTimes;

/**
 * Where the wall time of a training step goes.
 *
 * @param compute backend, device, precision and threads
 * @param sequenceLength L, patches a picture
 * @param params trainable parameters
 * @param batch pictures a step
 * @param steps timed, after warm-up
 * @param stepSeconds mean of a whole step: forward, backward, optimiser
 * @param operationSeconds of these, inside the operations below
 * @param outsideSeconds of these, outside: cutting patches, freeing memory, all else
 * @param gflopsPerSecond useful arithmetic (three forward passes) of the step, in 10⁹ operations
 * @param gemmGflopsPerSecond one large matrix product of the same type, best of several
 * @param operations the longest first
 */
public record OpsBenchResult(
    String compute,
    int sequenceLength,
    long params,
    int batch,
    int steps,
    double stepSeconds,
    double operationSeconds,
    double outsideSeconds,
    double gflopsPerSecond,
    double gemmGflopsPerSecond,
    List<Operation> operations) {

  /**
   * Calls of one operation with one shape.
   *
   * @param name of the method in {@code Ops}
   * @param shape axes with their lengths, or lengths alone
   * @param calls a step
   * @param seconds a step
   * @param share of the step, in [0, 1]
   * @param gflopsPerSecond in 10⁹ operations; 0 where it is no matrix product
   * @param gemmShare the same over the rate of one large product
   */
  public record Operation(
      String name,
      String shape,
      long calls,
      double seconds,
      double share,
      double gflopsPerSecond,
      double gemmShare) {}

  public OpsBenchResult {
    operations = List.copyOf(operations);
  }

  static OpsBenchResult of(
      String compute,
      int sequenceLength,
      long params,
      int batch,
      int steps,
      double stepSeconds,
      double gflopsPerSecond,
      double gemmGflopsPerSecond,
      List<OpTimes.Row> rows) {
    double operationSeconds = rows.stream().mapToDouble(OpTimes.Row::seconds).sum() / steps;
    return new OpsBenchResult(
        compute,
        sequenceLength,
        params,
        batch,
        steps,
        stepSeconds,
        operationSeconds,
        stepSeconds - operationSeconds,
        gflopsPerSecond,
        gemmGflopsPerSecond,
        rows.stream().map(row -> operation(row, steps, stepSeconds, gemmGflopsPerSecond)).toList());
  }

  private static Operation operation(OpTimes.Row row, int steps, double step, double gemm) {
    double seconds = row.seconds() / steps;
    double rate = row.seconds() > 0 ? row.flops() / row.seconds() * 1e-9 : 0;
    return new Operation(
        row.name(), row.shape(), row.calls() / steps, seconds, seconds / step, rate, rate / gemm);
  }
}
