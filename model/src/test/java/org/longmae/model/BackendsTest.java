package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.ComputeConfig.Backend;
import org.longmae.conf.ComputeConfig.Device;
import org.longmae.conf.ComputeConfig.Precision;
import org.longmae.conf.ConfigException;
import org.longmae.model.ops.Ops;

class BackendsTest {
  private static final String OBSTACLE =
      "ATen cannot be used: the class path has no native library of ATen for ";

  // A build for GPUs on a machine without CUDA's libraries is the same case: a run of days must not
  // be many times slower without a word.
  @Test
  void whereAtenDoesNotLoadNd4jIsTakenAloud() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(jar -> !jar.matches(".*pytorch-[^/]*-linux[^/]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlog4j2.level=WARN",
                "-cp",
                classPath,
                Main.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .containsOnlyOnce("takes ND4J on the processor, where it is many times slower: " + OBSTACLE)
        .contains("first nd4j/cpu/fp32")
        .contains("second nd4j/cpu/fp32")
        .contains("cuda refused: " + OBSTACLE);
  }

  /** Opens backends where ATen's library is not, in a process of its own. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      for (String which : new String[] {"first", "second"}) {
        try (Ops ops = Backends.open(compute(Backend.AUTO, Device.AUTO, Precision.AUTO), 1)) {
          System.out.println(which + " " + ops.description());
        }
      }
      try (Ops ops = Backends.open(compute(Backend.AUTO, Device.CUDA, Precision.AUTO), 1)) {
        System.out.println(ops.description());
      } catch (ConfigException e) {
        System.out.println("cuda refused: " + e.getMessage());
      }
    }
  }

  @Test
  void bf16OnNd4jIsAConfigurationError() {
    assertThatThrownBy(
            () -> Backends.open(compute(Backend.ND4J, Device.AUTO, Precision.BF16), 1).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("compute.precision = bf16 needs compute.backend = aten");
  }

  private static ComputeConfig compute(Backend backend, Device device, Precision precision) {
    return new ComputeConfig(backend, device, precision, 0);
  }
}
