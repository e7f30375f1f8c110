package org.longmae.jobs.platform;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The GPUs that Spark gave a task. */
public final class TaskGpu {
  private TaskGpu() {}

  /** Their addresses; none where Spark was told of no GPUs. */
  public static List<String> addresses(TaskContext task) {
    ResourceInformation gpu = task.resourcesJMap().get("gpu");
    return gpu == null ? List.of() : List.of(gpu.addresses());
  }

  /** The first, among those that the process sees; 0 where Spark gave none. */
  public static int index(TaskContext task) {
    List<String> addresses = addresses(task);
    return addresses.isEmpty() ? 0 : Integer.parseInt(addresses.get(0));
  }
}
