package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.platform.SparkApplication;
import org.longmae.jobs.run.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that every command has. */
final class CommonOptions {
  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master; default: what spark-submit set, else local[*].")
  private String master = "";

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON to FILE as well.")
  private Optional<String> json = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  /** What was typed. */
  String command() {
    return "longmae "
        + spec.root().commandLine().getParseResult().originalArgs().stream()
            .map(argument -> argument.matches("[\\w./:=,@+-]+") ? argument : "'" + argument + "'")
            .collect(Collectors.joining(" "));
  }

  /** Starts Spark; it stops when the command has ended, whenever the caller closes it. */
  JavaSparkContext spark(String name) {
    return spark(name, Map.of());
  }

  /**
   * The same with settings of the command's own, where the user has none.
   *
   * @param settings of Spark, by their keys
   */
  JavaSparkContext spark(String name, Map<String, String> settings) {
    return SparkApplication.ofCommand(name, master, settings);
  }

  /** Writes the result where the user asked for it. */
  void write(Object result) throws IOException {
    if (json.isPresent()) {
      Path file = FileSystems.qualified(json.get());
      CommittedFile.write(
          file.getFileSystem(FileSystems.configuration()), file, Json.pretty(result));
    }
  }
}
