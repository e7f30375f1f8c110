package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyFilesTest {
  /** A setting, or one that is offered behind a {@code #}. */
  private static final Pattern SETTING = Pattern.compile("^(?:# )?(spark\\.\\S+) +\\S.*$");

  /** Families whose members have names that users choose. */
  private static final Pattern NAMED =
      Pattern.compile(
          "spark\\.(hadoop|executorEnv)\\..+"
              + "|spark\\.(executor|task)\\.resource\\.gpu\\.(amount|vendor|discoveryScript)"
              + "|spark\\.kubernetes\\.(driver|executor)\\.(secretKeyRef|secrets|volumes)\\..+");

  @BeforeAll
  static void spark() {
    // Settings are known once their object is there.
    assertThat(org.apache.spark.deploy.k8s.Config$.MODULE$).isNotNull();
    assertThat(org.apache.spark.internal.config.package$.MODULE$).isNotNull();
  }

  // Spark says nothing of a setting that it does not know; it would have no effect, unnoticed.
  @ParameterizedTest
  @ValueSource(strings = {"k8s-cpu.conf", "k8s-gpu.conf"})
  void sparkKnowsEverySetting(String file) throws IOException {
    List<String> keys =
        Files.readAllLines(Path.of("spark", file)).stream()
            .map(SETTING::matcher)
            .filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1))
            .toList();
    assertThat(keys).hasSizeGreaterThan(30);
    assertThat(keys)
        .allMatch(
            key -> NAMED.matcher(key).matches() || ConfigEntry.findEntry(key) != null,
            "is a setting of Spark's");
  }
}
