package org.longmae.jobs.cli;

import java.io.IOException;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is measured, and how often: options of the measurements of a training step. */
final class BenchOptions {
  @Mixin private ConfigOptions options;

  @Mixin private EngineOptions engine;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "7", description = "Timed steps.")
  private int steps;

  /** Timed steps, at least 1. */
  int steps() {
    if (steps < 1) {
      throw new ConfigException("", "--steps must be at least 1 but was " + steps);
    }
    return steps;
  }

  /** The run whose step is measured. */
  RunConfig config() throws IOException {
    ConfigLoader loader = options.loader();
    engine.applyTo(loader);
    return loader.run();
  }
}
