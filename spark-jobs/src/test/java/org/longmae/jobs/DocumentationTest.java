package org.longmae.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.ConfigLoader;

/** Documentation speaks of what is there. Tests run in the module's folder. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern TYPE =
      Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)+)(?:\\.(\\w+))?`");

  private static final Map<String, JavaClass> TYPES =
      new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages("org.longmae")
              .stream()
              .filter(type -> !type.getSimpleName().isEmpty())
              .collect(
                  Collectors.toMap(JavaClass::getSimpleName, Function.identity(), (a, b) -> a));

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/architecture.md"})
  void documentedTypesExist(String page) throws IOException {
    Matcher names = TYPE.matcher(Files.readString(ROOT.resolve(page)));
    int found = 0;
    while (names.find()) {
      found++;
      JavaClass type = TYPES.get(names.group(1));
      assertThat(type).as("%s names the type %s", page, names.group(1)).isNotNull();
      if (names.group(2) != null) {
        assertThat(type.getMethods())
            .as("%s names %s", page, names.group())
            .anyMatch(method -> method.getName().equals(names.group(2)));
      }
    }
    assertThat(found).isPositive();
  }

  @Test
  void documentedPresetsExist() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Matcher presets = Pattern.compile("--preset (\\S+)").matcher(readme);
    while (presets.find()) {
      assertThat(ConfigLoader.PRESETS).contains(presets.group(1));
    }
  }

  @Test
  void linksBetweenPagesLeadSomewhere() throws IOException {
    for (String page :
        List.of("README.md", "docs/architecture.md", "docs/benchmarks.md", "docs/math.md")) {
      Path file = ROOT.resolve(page);
      Matcher links = Pattern.compile("\\]\\((?!http)([^)#]+)").matcher(Files.readString(file));
      while (links.find()) {
        assertThat(file.resolveSibling(links.group(1))).exists();
      }
    }
  }
}
