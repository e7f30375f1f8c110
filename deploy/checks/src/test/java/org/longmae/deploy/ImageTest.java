package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The recipe of the image, as text: there is no engine to build it with where tests run. */
class ImageTest {
  private static final Path RECIPE = Path.of("container/Dockerfile");
  private static final Set<String> INSTRUCTIONS =
      Set.of("ARG", "FROM", "RUN", "COPY", "ADD", "ENV", "USER", "WORKDIR", "ENTRYPOINT");

  private record Instruction(String name, String rest) {}

  @Test
  void everyInstructionIsOneOfDockers() throws IOException {
    assertThat(instructions()).extracting(Instruction::name).isSubsetOf(INSTRUCTIONS);
    assertThat(instructions()).extracting(Instruction::name).contains("FROM", "ENTRYPOINT");
  }

  @Test
  void nothingRunsAsRootAndTheLibrariesAreUnpackedByTheirUser() throws IOException {
    List<Instruction> all = instructions();
    int user = last(all, "USER");
    assertThat(all.get(user).rest()).isEqualTo("185");
    assertThat(all.subList(user, all.size()).toString()).contains("unpack-natives /opt/longmae");
    assertThat(last(all, "ENTRYPOINT")).isGreaterThan(user);
    // The same user as in the pods, or the volumes' group would not be the image's.
    assertThat(Files.readString(Path.of("kubernetes/pods/executor.yaml")))
        .contains("runAsUser: 185");
  }

  @Test
  void whatIsCopiedIsThereAndPassesTheIgnoreFile() throws IOException {
    List<String> let =
        Files.readAllLines(Path.of("container/Dockerfile.dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    for (Instruction instruction : instructions()) {
      boolean copies = instruction.name().equals("COPY") || instruction.name().equals("ADD");
      if (!copies || instruction.rest().startsWith("--from=")) {
        continue;
      }
      List<String> words = Arrays.asList(instruction.rest().split(" +"));
      for (String source : words.subList(0, words.size() - 1)) {
        String path = source.replaceAll("/$", "");
        if (path.equals("${DISTRIBUTION}")) {
          // Built before the image is.
          assertThat(let).contains("target/longmae-*.tar.gz");
          assertThat(instructions()).contains(new Instruction("ARG", "DISTRIBUTION=" + archive()));
          continue;
        }
        assertThat(let).as("lets %s through", source).contains(path);
        assertThat(Path.of(path)).exists();
      }
    }
  }

  @Test
  void imagesHaveTagsAndNoSecretIsPutIn() throws IOException {
    for (Instruction instruction : instructions()) {
      String text = instruction.rest().toLowerCase(Locale.ROOT);
      assertThat(text).doesNotContainPattern("password|secret|token|access.?key|https?://|:latest");
      if (instruction.name().equals("ARG") && text.matches("(base|spark)=.*")) {
        assertThat(text).as("a tag").matches("\\w+=[^:]+:[\\w.-]+");
      }
    }
  }

  // What pods are told to run must be what the image has.
  @Test
  void thePathsOfPropertyFilesAreMadeByTheRecipe() throws IOException {
    String recipe = Files.readString(RECIPE);
    assertThat(recipe)
        .contains("/opt/longmae/longmae.jar")
        .contains("/opt/longmae/natives")
        .contains("bin/longmae-gpus container/unpack-natives /opt/longmae/bin/");
    for (String file : List.of("spark/k8s-cpu.conf", "spark/k8s-gpu.conf")) {
      assertThat(Files.readString(Path.of(file)))
          .contains("local:///opt/longmae/longmae.jar")
          .contains("cachedir=/opt/longmae/natives");
    }
  }

  @Test
  void jibMakesTheSame() throws IOException {
    String recipe = Files.readString(Path.of("container/pom.xml"));
    String spark = instructions().get(1).rest().replace("SPARK=", "");
    assertThat(recipe)
        .contains("<image.base>" + spark + "</image.base>")
        .contains("<user>185</user>")
        .contains("<entrypoint>/opt/entrypoint.sh</entrypoint>")
        .contains("image/longmae/longmae.jar")
        .contains("bin/longmae-gpus");
  }

  /** The distribution of the version that this is. */
  private static String archive() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.replaceAll("(?s).*?<version>(.*?)</version>.*", "$1");
    return "target/longmae-" + version + ".tar.gz";
  }

  private static int last(List<Instruction> all, String name) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new AssertionError("no " + name);
  }

  private static List<Instruction> instructions() throws IOException {
    String joined =
        Files.readString(RECIPE).replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R\\s*", "");
    return joined
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split(" ", 2))
        .map(words -> new Instruction(words[0], words[1].strip()))
        .toList();
  }
}
