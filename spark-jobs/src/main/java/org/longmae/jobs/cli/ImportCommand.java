package org.longmae.jobs.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.weights.ImportResult;
import org.longmae.jobs.weights.WeightImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae import}. */
@Command(
    name = "import",
    description =
        "Makes a run of weights that MAE, timm or Hugging Face's ViTMAE trained (safetensors, .pth,"
            + " .npz, .pkl): pretrain --out RUN starts from them, evaluate --run RUN judges them.")
public final class ImportCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(names = "--weights", paramLabel = "FILE", required = true, description = "The weights.")
  private String weights;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      required = true,
      description = "Run directory to make; one that has not begun is made anew.")
  private String out;

  @Option(
      names = "--encoder-only",
      description = "Leave the file's decoder out; the run's has initial weights.")
  private boolean encoderOnly;

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.loader().run();
    Path file = FileSystems.qualified(weights);
    Path root = FileSystems.qualified(out);
    FileSystem fs = root.getFileSystem(FileSystems.configuration());
    RunDirectory.requireNotBegun(fs, root);
    WeightImport imported =
        WeightImport.read(
            file.getFileSystem(FileSystems.configuration()), file, config, encoderOnly);
    ImportResult result = imported.writeTo(RunDirectory.anew(fs, root, config));
    System.out.println(text(result));
    common.write(result);
    return 0;
  }

  private static String text(ImportResult result) {
    StringBuilder text = new StringBuilder();
    text.append(result.weights()).append('\n');
    text.append(result.parameters()).append(" parameters of ").append(result.file());
    if (!result.drawn().isEmpty()) {
      text.append("\ninitial values, as the file has none: ").append(shortened(result.drawn()));
    }
    if (result.resampled()) {
      text.append("\nthe patch kernel was resampled to the run's patch size");
    }
    if (!result.unused().isEmpty()) {
      text.append("\nof no use here: ").append(shortened(result.unused()));
    }
    return text.toString();
  }

  private static String shortened(List<String> names) {
    int shown = Math.min(4, names.size());
    String more = shown < names.size() ? " and " + (names.size() - shown) + " more" : "";
    return String.join(", ", names.subList(0, shown)) + more;
  }
}
