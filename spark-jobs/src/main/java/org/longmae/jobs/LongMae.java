package org.longmae.jobs;

import java.io.FileNotFoundException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.util.ShutdownHookManager;
import org.longmae.conf.ConfigException;
import org.longmae.data.shard.ShardException;
import org.longmae.data.source.SourceException;
import org.longmae.data.tensor.TensorFileException;
import org.longmae.jobs.cli.BenchCommand;
import org.longmae.jobs.cli.DoctorCommand;
import org.longmae.jobs.cli.EvaluateCommand;
import org.longmae.jobs.cli.ExportCommand;
import org.longmae.jobs.cli.FinetuneCommand;
import org.longmae.jobs.cli.ImportCommand;
import org.longmae.jobs.cli.InspectCommand;
import org.longmae.jobs.cli.PlanCommand;
import org.longmae.jobs.cli.PretrainCommand;
import org.longmae.jobs.cli.QuickstartCommand;
import org.longmae.jobs.cli.ReconstructCommand;
import org.longmae.jobs.cli.ReplayCommand;
import org.longmae.jobs.cli.ReportCommand;
import org.longmae.jobs.cli.ScenesCommand;
import org.longmae.jobs.cli.ShardCommand;
import org.longmae.jobs.cli.StatusCommand;
import org.longmae.jobs.cli.SweepCommand;
import org.longmae.jobs.platform.Failures;
import org.longmae.jobs.platform.MllibBlas;
import org.longmae.jobs.platform.NativeMemory;
import org.longmae.jobs.platform.SparkApplication;
import org.longmae.jobs.run.LeaseException;
import org.longmae.jobs.shard.BadDataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Option;

/**
 * The command line: {@code longmae <command> …}, or {@code spark-submit --class
 * org.longmae.jobs.LongMae longmae.jar <command> …}.
 *
 * <p>Exit codes: 0 done, 2 bad usage or configuration, 3 bad data above the limit, 4 run failed, 5
 * another driver has the run, 130 interrupted.
 */
@Command(
    name = "longmae",
    description = "Pre-trains long-sequence Masked Autoencoders on Apache Spark.",
    subcommands = {
      QuickstartCommand.class,
      ScenesCommand.class,
      ShardCommand.class,
      InspectCommand.class,
      PlanCommand.class,
      PretrainCommand.class,
      SweepCommand.class,
      EvaluateCommand.class,
      FinetuneCommand.class,
      ReconstructCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ReportCommand.class,
      StatusCommand.class,
      ReplayCommand.class,
      BenchCommand.class,
      DoctorCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "2:bad usage or configuration",
      "3:unreadable pictures above the limit, or damaged shards",
      "4:run failed",
      "5:another driver has the run",
      "130:interrupted"
    })
public final class LongMae {
  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  private boolean help;

  private static final Logger LOG = LoggerFactory.getLogger(LongMae.class);
  private static final int DONE = 0;
  private static final int BAD_CONFIGURATION = 2;
  private static final int BAD_DATA = 3;
  private static final int FAILED = 4;
  private static final int HELD = 5;
  private static final int INTERRUPTED = 130;
  private static final String INTERRUPTED_MESSAGE =
      "longmae: interrupted; the same command continues";

  /** After Hadoop has closed its file systems. */
  private static final int LAST_HOOK = 1;

  private LongMae() {}

  /**
   * Runs a command. Success returns, as YARN wants it; failure ends the JVM with its code, or, in
   * YARN's application master, throws: its message becomes the application's diagnostics. A signal
   * ends the JVM when Spark has stopped and the run's lease is given back.
   *
   * @throws CommandFailedException in YARN's cluster mode, if the command failed
   */
  public static void main(String[] args) {
    NativeMemory.liftLimit();
    MllibBlas.inJava();
    AtomicBoolean running = new AtomicBoolean(true);
    ShutdownHookManager.get()
        .addShutdownHook(
            () -> {
              // YARN's application master ends with codes of its own.
              if (running.get() && !SparkApplication.isYarnApplicationMaster()) {
                System.err.println(INTERRUPTED_MESSAGE);
                Runtime.getRuntime().halt(INTERRUPTED);
              }
            },
            LAST_HOOK);
    Outcome outcome = execute(args);
    running.set(SparkApplication.isInterrupted());
    if (outcome.code() == DONE) {
      return;
    }
    if (SparkApplication.isYarnApplicationMaster()) {
      throw new CommandFailedException(outcome.code(), outcome.message());
    }
    System.exit(outcome.code());
  }

  /** Runs a command and returns its exit code. */
  static int run(String... args) {
    return execute(args).code();
  }

  /**
   * How a command ended.
   *
   * @param message what went wrong; empty where nothing did
   */
  private record Outcome(int code, String message) {}

  private static Outcome execute(String... args) {
    CommandLine line = new CommandLine(new LongMae());
    AtomicReference<String> message = new AtomicReference<>("");
    IParameterExceptionHandler usual = line.getParameterExceptionHandler();
    int code =
        line.setParameterExceptionHandler(
                (failure, given) -> {
                  message.set(failure.getMessage());
                  return usual.handleParseException(failure, given);
                })
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  message.set(Failures.message(failure));
                  return explain(failure, command);
                })
            .execute(args);
    SparkApplication.stop(code);
    return new Outcome(code, message.get());
  }

  private static int explain(Exception failure, CommandLine command) {
    if (SparkApplication.isInterrupted()) {
      // The JVM is ending: its last hook tells.
      return INTERRUPTED;
    }
    int code = code(failure);
    System.err.println("longmae: " + Failures.message(failure));
    if (code == FAILED) {
      LOG.error("{} failed", command.getCommandName(), failure);
    }
    return code;
  }

  private static int code(Exception failure) {
    boolean wrongInput =
        failure instanceof ConfigException
            || failure instanceof SourceException
            || failure instanceof ShardException
            || failure instanceof TensorFileException
            || failure instanceof FileNotFoundException;
    if (wrongInput) {
      return BAD_CONFIGURATION;
    }
    if (failure instanceof LeaseException) {
      return HELD;
    }
    return failure instanceof BadDataException ? BAD_DATA : FAILED;
  }
}
