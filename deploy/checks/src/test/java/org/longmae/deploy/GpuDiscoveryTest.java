package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script with an {@code nvidia-smi} that says what others' have said. */
class GpuDiscoveryTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one   | 0 |                | 0",
        "eight | 0 |                | 0 1 2 3 4 5 6 7",
        "none  | 6 |                | ''",
        "eight | 0 | 2,3            | 0 1",
        "eight | 0 | ''             | ''",
        "eight | 0 | -1             | ''",
        "eight | 0 | 6,7,8,1        | 0 1",
        "one   | 0 | GPU-6f1d2a8e-8c1e-4f0a-9b57-0d3c5a6e7f10 | 0",
        // CUDA shows a process one device of a divided GPU, and no whole GPU beside it.
        "mig   | 0 |                | 0",
        "mig   | 0 | MIG-a28ad590-3fda-56dd-84fc-0a0b96edc58d | 0",
      })
  void addressesAreWhatCudaCounts(String said, int code, String visible, String addresses)
      throws Exception {
    Commands.Result result = discover(said, code, visible);
    assertThat(result.code()).as(result.errors()).isZero();
    // Spark's own reader.
    ResourceInformation found = ResourceInformation.parseJson(result.output());
    assertThat(found.name()).isEqualTo("gpu");
    assertThat(String.join(" ", found.addresses())).isEqualTo(addresses);
  }

  // A driver that is out of step with its library must not look like a machine without a GPU.
  @Test
  void aDriverThatDoesNotAnswerIsAnErrorInItsOwnWords() throws Exception {
    Commands.Result result = discover("error", 18, null);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).contains("code 18").contains("Driver/library version mismatch");
  }

  @Test
  void whyThereIsNoGpuIsSaid() throws Exception {
    assertThat(discover("none", 6, null).errors()).contains("No devices were found");
    assertThat(discover("eight", 0, "-1").errors()).contains("CUDA_VISIBLE_DEVICES=-1 hides all");
    Files.delete(folder.resolve("nvidia-smi"));
    Commands.Result without = script(null);
    assertThat(without.code()).isZero();
    assertThat(ResourceInformation.parseJson(without.output()).addresses()).isEmpty();
    assertThat(without.errors()).contains("no nvidia-smi");
  }

  private Commands.Result discover(String said, int code, String visible) throws Exception {
    String text = Files.readString(Path.of("checks/src/test/resources/nvidia-smi", said + ".txt"));
    Path stand = folder.resolve("nvidia-smi");
    Files.writeString(
        stand,
        "#!/bin/sh\n[ \"$*\" = -L ] || exit 9\ncat <<'END'\n" + text + "END\nexit " + code + "\n");
    Files.setPosixFilePermissions(stand, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script(visible);
  }

  private Commands.Result script(String visible) throws IOException, InterruptedException {
    // Nothing else: a machine with a GPU has an nvidia-smi of its own.
    for (String tool : List.of("bash", "sh", "cat", "grep")) {
      Path link = folder.resolve(tool);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of("/bin", tool));
      }
    }
    Map<String, String> environment = Map.of("PATH", folder.toString());
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-u", "CUDA_VISIBLE_DEVICES"));
    if (visible != null) {
      command.add("CUDA_VISIBLE_DEVICES=" + visible);
    }
    command.add("bin/longmae-gpus");
    return Commands.run(environment, command.toArray(String[]::new));
  }
}
