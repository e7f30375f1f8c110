package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtenLibraryTest {
  /**
   * On a machine with a PyTorch of its own, the first use of a fresh cache took half of the library
   * from there and crashed the JVM. The foreign library here is no library at all, so that whoever
   * takes it fails.
   */
  @Test
  void anotherLibraryOfTheSameNameIsNotTaken(@TempDir Path cache, @TempDir Path foreign)
      throws Exception {
    for (String name :
        List.of("libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so")) {
      Files.writeString(foreign.resolve(name), "not a library");
    }
    ProcessBuilder child =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.bytedeco.javacpp.cachedir=" + cache,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    // A build with code for GPUs finds CUDA's libraries in what was there before.
    child.environment().merge("LD_LIBRARY_PATH", foreign.toString(), (all, one) -> one + ":" + all);
    Process process = child.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** Loads the library, in a process of its own. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      AtenLibrary.load();
    }
  }
}
