package org.longmae.jobs.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.longmae.jobs.doctor.ClusterTrial;
import org.longmae.jobs.doctor.ExecutorHealth;
import org.longmae.jobs.doctor.Finding;

/** The health of a cluster for people. */
final class ClusterText {
  private static final double MIB = 1 << 20;

  private ClusterText() {}

  static void print(
      ClusterTrial trial, List<Finding> findings, boolean folderTried, PrintStream out) {
    out.println("driver     LongMAE " + trial.driverBuild());
    for (ExecutorHealth health : trial.healths()) {
      out.printf(Locale.ROOT, "%s%n", health.where());
      out.printf(
          Locale.ROOT,
          "           %s; one large matrix product: %.0f GFLOP/s%n",
          health.compute().isEmpty() ? "computes with nothing" : health.compute(),
          health.gflopsPerSecond());
      out.printf(
          Locale.ROOT,
          "           heap %,.0f MiB; %,.0f of %,.0f MiB of the machine free; Java %s; LongMAE %s%n",
          health.heapBytes() / MIB,
          health.freeBytes() / MIB,
          health.memoryBytes() / MIB,
          health.java(),
          health.build());
      if (!health.gpus().isEmpty()) {
        out.println("           Spark gave GPU " + String.join(", ", health.gpus()));
      }
      health.gpuDrivers().forEach(gpu -> out.println("           NVIDIA's driver: " + gpu));
    }
    if (!folderTried) {
      out.println("not tried: whether executors can write the run's folder (--out DIR)");
    }
    if (findings.isEmpty()) {
      out.println("nothing is wrong");
    }
    for (Finding finding : findings) {
      out.println("WRONG      " + finding.where() + ": " + finding.what());
      out.println("           " + finding.remedy());
    }
  }
}
