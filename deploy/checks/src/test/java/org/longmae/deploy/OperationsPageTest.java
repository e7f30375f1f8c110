package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationsPageTest {
  private static final int FAILURES = 20;

  // People search the page for what they see: a message that was changed since is not found.
  @Test
  void everyMessageOfThePageIsOneOfTheCode() throws IOException {
    String code = code();
    List<String> messages = messages();
    assertThat(messages).hasSizeGreaterThanOrEqualTo(FAILURES);
    for (String message : messages) {
      for (String part : message.split("…")) {
        String words = part.replaceAll("^[\\[\\](): ;,]+|[\\[\\](): ;,]+$", "");
        if (words.length() > 3) {
          assertThat(code.contains(words)).as("%s, of: %s", words, message).isTrue();
        }
      }
    }
  }

  /** What stands in backquotes in the second column of the numbered table. */
  private static List<String> messages() throws IOException {
    List<String> messages = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("../docs/operations.md"))) {
      Matcher row = Pattern.compile("^\\| \\d+ \\| ([^|]*) \\|.*").matcher(line);
      if (row.matches() && row.group(1).contains("`") && !line.matches("^\\| \\d+ \\| [a-z].*")) {
        Matcher quoted = Pattern.compile("`([^`]*)`").matcher(row.group(1));
        while (quoted.find()) {
          messages.add(quoted.group(1));
        }
      }
    }
    return messages;
  }

  /** All sources, with literals that go on in another line put together. */
  private static String code() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      return files
          .filter(
              file -> file.toString().matches("\\.\\./[a-z-]+/(src/main/.*\\.java|bin/[a-z-]+)"))
          .filter(Files::isRegularFile)
          .map(OperationsPageTest::text)
          .collect(Collectors.joining("\n"))
          .replaceAll("\"\\s*\\+\\s*\"", "")
          .replace("%n", "");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
