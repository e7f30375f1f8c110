package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.longmae.conf.ConfigLoader;
import picocli.CommandLine.Option;

/** Short names for the settings that measurements of a training step vary. */
final class EngineOptions {
  @Option(names = "--image-size", paramLabel = "PX[xPX]", description = "image.size")
  private Optional<String> imageSize = Optional.empty();

  @Option(names = "--patch-size", paramLabel = "PX", description = "model.patch-size")
  private Optional<String> patchSize = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "train.batch")
  private Optional<String> batch = Optional.empty();

  @Option(names = "--precision", paramLabel = "TYPE", description = "compute.precision")
  private Optional<String> precision = Optional.empty();

  @Option(names = "--backend", paramLabel = "NAME", description = "compute.backend")
  private Optional<String> backend = Optional.empty();

  @Option(names = "--device", paramLabel = "NAME", description = "compute.device")
  private Optional<String> device = Optional.empty();

  @Option(names = "--recompute", paramLabel = "WHAT", description = "train.recompute")
  private Optional<String> recompute = Optional.empty();

  /** Lays what was given over a configuration. */
  void applyTo(ConfigLoader loader) {
    List<String> settings = new ArrayList<>();
    imageSize.ifPresent(value -> settings.add("image.size=" + value));
    patchSize.ifPresent(value -> settings.add("model.patch-size=" + value));
    batch.ifPresent(value -> settings.add("train.batch=" + value));
    precision.ifPresent(value -> settings.add("compute.precision=" + value));
    backend.ifPresent(value -> settings.add("compute.backend=" + value));
    device.ifPresent(value -> settings.add("compute.device=" + value));
    recompute.ifPresent(value -> settings.add("train.recompute=" + value));
    settings.forEach(loader::set);
  }
}
