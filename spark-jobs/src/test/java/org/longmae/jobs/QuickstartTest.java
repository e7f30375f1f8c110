package org.longmae.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Randomness;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.scenes.Scenes;

/** The main job, end to end, at a size of seconds. */
class QuickstartTest {
  private static final String SMALL =
      """
      model { patch-size = 8
        encoder { width = 32, depth = 2, heads = 2 }
        decoder { width = 16, depth = 1, heads = 2 } }
      train { batch = 16, epochs = 2, local-steps = 10 }
      optim.warmup-epochs = 1
      evaluate.probe-iterations = 5
      sweep.points = [{ image.size = 16, mask.unit = 1 }, { image.size = 32, mask.unit = 2 }]
      """;

  @TempDir Path folder;

  @BeforeEach
  void releaseSharedSpark() {
    // A command starts and stops an application of its own; a JVM has room for one.
    TestRuns.stopSpark();
  }

  @Test
  void picturesBecomeAReport() throws IOException {
    JsonNode result = quickstart("--scenes", "200");
    assertThat(result.path("points")).hasSize(2);
    for (JsonNode point : result.path("points")) {
      assertThat(point.path("held_out_loss").asDouble()).isBetween(0.3, 1.2);
      assertThat(point.path("probe_accuracy").asDouble()).isBetween(0.0, 1.0);
      assertThat(point.path("images_per_second").asDouble()).isPositive();
    }
    assertThat(result.path("points").findValuesAsText("sequence_length"))
        .containsExactly("4", "16");
    String page = Files.readString(Path.of(result.path("report").asText()));
    assertThat(page).contains("<svg").contains("data:image/png;base64,").contains("held-out");
    assertThat(result.path("quarantined")).isEmpty();

    // Run again, everything is there, and the report says what it said: times too.
    Path report = folder.resolve("out").resolve("report.json");
    String told = Files.readString(report);
    long before = System.nanoTime();
    assertThat(quickstart("--scenes", "200").path("points")).isEqualTo(result.path("points"));
    assertThat(Files.readString(report)).isEqualTo(told);
    assertThat(System.nanoTime() - before).isLessThan(30_000_000_000L);
  }

  // A folder of somebody's own is never clean: the three bad files must be named, the rest used.
  @Test
  void brokenPicturesAreNamedAndLeftOut() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("my pictures"));
    for (int i = 0; i < 90; i++) {
      Files.write(pictures.resolve("good" + i + ".jpg"), jpeg(i));
    }
    byte[] whole = jpeg(90);
    Files.write(pictures.resolve("broken.jpg"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(pictures.resolve("text.jpg"), "this is no picture");
    Files.createFile(pictures.resolve("empty.jpg"));

    JsonNode result = quickstart("--images", pictures.toString());
    List<String> quarantined = new ArrayList<>();
    result.path("quarantined").forEach(bad -> quarantined.add(bad.asText()));
    assertThat(quarantined).hasSize(3);
    assertThat(String.join("\n", quarantined))
        .contains("broken.jpg: ")
        .contains("text.jpg: ")
        .contains("empty.jpg: ");
    assertThat(result.path("points")).hasSize(2);
    // No labels, no probe: null, not zero.
    assertThat(result.path("points").path(0).path("probe_accuracy").isNull()).isTrue();
  }

  // Nothing to hold out, no batch to fill: told before any training.
  @Test
  void aHandfulOfPicturesIsRefused() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("handful"));
    for (int i = 0; i < 6; i++) {
      Files.write(pictures.resolve("good" + i + ".jpg"), jpeg(i));
    }
    assertThat(run("--images", pictures.toString())).isEqualTo(2);
    assertThat(folder.resolve("out").resolve("points")).doesNotExist();
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "LONGMAE_TEST_DATA",
      matches = ".+",
      disabledReason = "needs LONGMAE_TEST_DATA, a folder with coco-mini/train2017")
  void aFolderOfRealPhotographsBecomesAReport() throws IOException {
    Path photographs = Path.of(System.getenv("LONGMAE_TEST_DATA"), "coco-mini", "train2017");
    JsonNode result = quickstart("--images", photographs.toString());
    assertThat(result.path("points")).hasSize(2);
    assertThat(result.path("quarantined")).isEmpty();
  }

  private JsonNode quickstart(String... more) throws IOException {
    assertThat(run(more)).isZero();
    return new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("result.json")));
  }

  private int run(String... more) throws IOException {
    Path conf = Files.writeString(folder.resolve("small.conf"), SMALL);
    String[] fixed = {
      "quickstart",
      "--master=local[2]",
      "--conf=" + conf,
      "--out=" + folder.resolve("out"),
      "--json=" + folder.resolve("result.json")
    };
    return LongMae.run(Stream.of(fixed, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static byte[] jpeg(int index) {
    return PictureCodec.jpeg(Scenes.render(new Randomness(1), index, 64, 48).picture(), 90);
  }
}
