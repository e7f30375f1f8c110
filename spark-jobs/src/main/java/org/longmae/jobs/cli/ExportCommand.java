package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.ImageSize;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorType;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.jobs.weights.ExportFormat;
import org.longmae.jobs.weights.ExportResult;
import org.longmae.jobs.weights.ExportSettings;
import org.longmae.jobs.weights.ParityKit;
import org.longmae.jobs.weights.ParityResult;
import org.longmae.jobs.weights.WeightExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae export}. */
@Command(
    name = "export",
    description =
        "Writes a run's newest checkpoint as timm, Hugging Face, Detectron2 or NumPy read it; or,"
            + " with --parity, a kit that holds another implementation to this one.")
public final class ExportCommand implements Callable<Integer> {
  private static final Map<String, TensorType> TYPES =
      new TreeMap<>(
          Map.of("fp32", TensorType.F32, "fp16", TensorType.F16, "bf16", TensorType.BF16));

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(names = "--run", paramLabel = "DIR", description = "Run directory.")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "One of full, timm, huggingface, detectron2, npz; default: full.")
  private String format = "full";

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files.")
  private Optional<String> out = Optional.empty();

  @Option(
      names = "--average",
      description = "The moving average of the weights (optim.ema-decay) in place of them.")
  private boolean average;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "fp32, fp16 or bf16 (not for npz and detectron2); default: fp32.")
  private String type = "fp32";

  @Option(
      names = "--image-size",
      paramLabel = "PX[xPX]",
      description = "Pictures that it is for: position tables are resized as its reader would.")
  private Optional<String> imageSize = Optional.empty();

  @Option(
      names = "--patch-size",
      paramLabel = "PX",
      description = "Patches that it is for: the kernel is resampled; timm and detectron2 only.")
  private Optional<Integer> patchSize = Optional.empty();

  @Option(
      names = "--license",
      paramLabel = "NAME",
      description = "Licence of the weights, for the model card; default: unknown.")
  private String license = "unknown";

  @Option(
      names = "--parity",
      paramLabel = "DIR",
      description =
          "Write the kit of docs/parity.md to DIR: of --run's weights, else of the initial ones of"
              + " --preset, --conf and --set.")
  private Optional<String> parity = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of the kit's batches; default: 2.")
  private int batch = 2;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the optimiser in the kit; default: 0.")
  private int steps;

  @Override
  public Integer call() throws Exception {
    if (parity.isPresent()) {
      writeKit(FileSystems.qualified(parity.get()));
    } else {
      export();
    }
    return 0;
  }

  private void export() throws Exception {
    String folder = required(run, "--run");
    Path target = FileSystems.qualified(required(out, "--out"));
    TrainedRun trained = TrainedRun.at(folder);
    ExportSettings settings = settings(trained.config());
    settings.check(trained.config());
    Path weights = average ? average(trained) : trained.weights();
    FileSystem fs = weights.getFileSystem(FileSystems.configuration());
    try (TensorFile file = TensorFile.open(fs, weights)) {
      FileSystem targetFs = target.getFileSystem(FileSystems.configuration());
      ExportResult result = WeightExport.write(trained.config(), file, settings, targetFs, target);
      System.out.printf(
          Locale.ROOT,
          "%s: %d tensors, %d elements%n",
          result.file(),
          result.tensors(),
          result.elements());
      common.write(result);
    }
  }

  private static Path average(TrainedRun trained) throws Exception {
    Path average = RunDirectory.average(trained.weights());
    if (!average.getFileSystem(FileSystems.configuration()).exists(average)) {
      throw new ConfigException(
          "",
          "--average must be of a run with optim.ema-decay above 0, but there is no " + average);
    }
    return average;
  }

  private ExportSettings settings(RunConfig config) {
    return new ExportSettings(
        chosen("--format", format, formats()),
        chosen("--type", type, TYPES),
        imageSize.map(ExportCommand::size).orElse(config.image().size()),
        patchSize.orElse(config.model().patchSize()),
        license);
  }

  private static Map<String, ExportFormat> formats() {
    Map<String, ExportFormat> formats = new LinkedHashMap<>();
    for (ExportFormat format : ExportFormat.values()) {
      formats.put(format.toString(), format);
    }
    return formats;
  }

  private static <T> T chosen(String option, String name, Map<String, T> choices) {
    if (!choices.containsKey(name)) {
      throw new ConfigException(
          "", "%s must be one of %s but was \"%s\"".formatted(option, choices.keySet(), name));
    }
    return choices.get(name);
  }

  private static ImageSize size(String text) {
    try {
      String[] sides = text.split("x", 2);
      return new ImageSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[sides.length - 1]));
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "", "--image-size must be PX or HEIGHTxWIDTH but was \"" + text + "\"");
    }
  }

  private static String required(Optional<String> value, String option) {
    return value.orElseThrow(
        () -> new ConfigException("", option + " must be given, unless --parity is"));
  }

  private void writeKit(Path folder) throws Exception {
    if (batch < 1 || steps < 0) {
      throw new ConfigException(
          "",
          "--batch must be at least 1 and --steps 0, but were %d and %d".formatted(batch, steps));
    }
    Optional<TrainedRun> trained =
        run.isPresent() ? Optional.of(TrainedRun.at(run.get())) : Optional.empty();
    RunConfig config = kitConfig(trained);
    ParityKit kit = new ParityKit(config, batch, steps, Cores.ofMachine(config.compute()));
    ParityResult result =
        kit.write(
            engine -> {
              engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
              if (trained.isPresent()) {
                Path weights = trained.get().weights();
                Safetensors.read(
                    weights.getFileSystem(FileSystems.configuration()), weights, engine);
              }
            },
            folder.getFileSystem(FileSystems.configuration()),
            folder);
    System.out.printf(
        Locale.ROOT,
        "%s: loss %.6f, %d steps, %s%n",
        folder,
        result.loss(),
        steps,
        result.compute());
    common.write(result);
  }

  private RunConfig kitConfig(Optional<TrainedRun> trained) throws IOException {
    List<String> defaults = List.of("compute.precision=fp32");
    if (trained.isEmpty()) {
      return options.loader("", defaults).run();
    }
    ConfigLoader loader =
        new ConfigLoader().text(ConfigLoader.render(trained.get().config()), run.orElseThrow());
    defaults.forEach(loader::set);
    return loader.run();
  }
}
