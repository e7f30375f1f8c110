package org.longmae.jobs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code longmae bench}. */
@Command(
    name = "bench",
    description = "Measures; each measurement is a sub-command.",
    subcommands = {
      BenchStepCommand.class,
      BenchOpsCommand.class,
      BenchDataCommand.class,
      BenchAveragingCommand.class,
      BenchLoopCommand.class,
      BenchSoakCommand.class
    })
public final class BenchCommand {
  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;
}
