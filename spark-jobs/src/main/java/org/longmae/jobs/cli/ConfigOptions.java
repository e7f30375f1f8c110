package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.platform.FileSystems;
import picocli.CommandLine.Option;

/** Options that say what a run is. Later ones win: preset, file, settings. */
final class ConfigOptions {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "One of tiny, vit-ti, vit-s, vit-b, vit-l, vit-h; of sweeps: figure3, mask-size,"
              + " image-size-vs-patch-size, mask-ratio, decoder; of studies: cifar10-length,"
              + " cifar10-length-flops.")
  private Optional<String> preset = Optional.empty();

  @Option(names = "--conf", paramLabel = "FILE", description = "Configuration file (HOCON).")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, over preset and file; may be repeated.")
  private List<String> settings = List.of();

  /** A loader with all three layers. */
  ConfigLoader loader() throws IOException {
    return loader("", List.of());
  }

  /**
   * A loader with a command's own layer between the preset and the user's file.
   *
   * @param fallbackPreset taken if the user names none; empty for none
   * @param defaults {@code key=value} of the command
   */
  ConfigLoader loader(String fallbackPreset, List<String> defaults) throws IOException {
    ConfigLoader loader = new ConfigLoader();
    String chosen = preset.orElse(fallbackPreset);
    if (!chosen.isEmpty()) {
      loader.preset(chosen);
    }
    defaults.forEach(loader::set);
    if (file.isPresent()) {
      loader.text(read(file.get()), file.get());
    }
    settings.forEach(loader::set);
    return loader;
  }

  private static String read(String file) throws IOException {
    Path path = new Path(file);
    FileSystem fs = path.getFileSystem(FileSystems.configuration());
    if (!fs.exists(path) || fs.getFileStatus(path).isDirectory()) {
      throw new ConfigException("", "--conf must be a file but there is none at [" + file + "]");
    }
    return CommittedFile.readText(fs, path);
  }
}
