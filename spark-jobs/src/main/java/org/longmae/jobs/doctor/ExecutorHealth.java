package org.longmae.jobs.doctor;

import java.util.List;

/**
 * What one executor says of itself. It comes to the driver as JSON: an executor with another
 * version of this code may say more or less.
 *
 * @param executor Spark's name for it
 * @param host its machine
 * @param java version
 * @param build of this project's code, see {@link Build}
 * @param task in which it looked at itself
 * @param clockMillis its machine's time at the end of that, since 1970
 * @param compute backend, device, precision and threads; empty if there are none
 * @param obstacle why nothing can be computed as configured, or why not by ATen; empty if all is
 *     well
 * @param gflopsPerSecond of one large matrix product
 * @param codecObstacle why pictures cannot be decoded; empty if they can
 * @param folderObstacle why the folder of the run cannot be used; empty if it can
 * @param heapBytes limit of the Java heap
 * @param memoryBytes of the machine or the container
 * @param freeBytes of these, unused
 * @param gpus addresses that Spark gave to a task
 * @param gpuDrivers a line for each GPU that NVIDIA's driver shows
 */
public record ExecutorHealth(
    String executor,
    String host,
    String java,
    String build,
    long task,
    long clockMillis,
    String compute,
    String obstacle,
    double gflopsPerSecond,
    String codecObstacle,
    String folderObstacle,
    long heapBytes,
    long memoryBytes,
    long freeBytes,
    List<String> gpus,
    List<String> gpuDrivers) {
  /** Names the executor and its machine. */
  public String where() {
    return where(executor, host);
  }

  static String where(String executor, String host) {
    return "executor " + executor + " at " + host;
  }
}
