package org.longmae.jobs.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What NVIDIA's driver says of a machine's GPUs. */
final class NvidiaDriver {
  private static final String[] QUESTION = {
    "nvidia-smi",
    "--query-gpu=index,name,driver_version,memory.total,memory.free",
    "--format=csv,noheader"
  };

  private NvidiaDriver() {}

  /** A line a GPU: index, name, driver, memory and what is free of it; none without a driver. */
  static List<String> gpus() {
    try {
      Process process = new ProcessBuilder(QUESTION).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        return lines.lines().toList();
      }
    } catch (IOException e) {
      return List.of();
    }
  }
}
