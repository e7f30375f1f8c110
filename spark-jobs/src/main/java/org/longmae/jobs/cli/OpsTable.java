package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.longmae.jobs.bench.OpsBenchResult;

/** The operations of a training step, for the terminal. */
final class OpsTable {
  private static final String HEAD = "%-22s %-28s %6s %10s %7s %9s %8s";
  private static final String LINE = "%-22s %-28s %6s %10.3f %5.1f %% %9s %8s";

  private OpsTable() {}

  /** A line an operation, then their sum, what is outside of them, and the step. */
  static String text(OpsBenchResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%s  L=%d  batch %d  means of %d steps",
            result.compute(), result.sequenceLength(), result.batch(), result.steps()));
    lines.add(format(HEAD, "operation", "shape", "calls", "ms", "share", "GFLOP/s", "of GEMM"));
    result.operations().forEach(operation -> lines.add(line(operation)));
    lines.add(sum(result, "operations", result.operationSeconds()));
    lines.add(sum(result, "outside operations", result.outsideSeconds()));
    lines.add(
        line(
            "step",
            "",
            "",
            result.stepSeconds(),
            1,
            result.gflopsPerSecond(),
            result.gflopsPerSecond() / result.gemmGflopsPerSecond()));
    return String.join("\n", lines);
  }

  private static String line(OpsBenchResult.Operation operation) {
    return line(
        operation.name(),
        operation.shape(),
        Long.toString(operation.calls()),
        operation.seconds(),
        operation.share(),
        operation.gflopsPerSecond(),
        operation.gemmShare());
  }

  private static String sum(OpsBenchResult result, String name, double seconds) {
    return line(name, "", "", seconds, seconds / result.stepSeconds(), 0, 0);
  }

  /** What is no matrix product has no rate. */
  private static String line(
      String name,
      String shape,
      String calls,
      double seconds,
      double share,
      double rate,
      double gemmShare) {
    String gflops = rate > 0 ? format("%.0f", rate) : "";
    String ofGemm = rate > 0 ? format("%.0f %%", 100 * gemmShare) : "";
    return format(LINE, name, shape, calls, 1e3 * seconds, 100 * share, gflops, ofGemm)
        .stripTrailing();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
