package org.longmae.jobs.cli;

import java.io.FileNotFoundException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.sweep.SweepFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae report}. */
@Command(name = "report", description = "Writes a sweep's report.html again from its files.")
public final class ReportCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--sweep", paramLabel = "DIR", required = true, description = "Sweep directory.")
  private String sweep;

  @Option(
      names = "--publish",
      paramLabel = "DIR",
      description =
          "Write report.html and report.csv into DIR for readers elsewhere: of paths the last names"
              + " only, pictures small.")
  private Optional<String> publish = Optional.empty();

  @Option(
      names = "--picture-bytes",
      paramLabel = "N",
      description = "Most that the pictures of a published page take; default ${DEFAULT-VALUE}.")
  private long pictureBytes = 1 << 20;

  @Override
  public Integer call() throws Exception {
    Path root = FileSystems.qualified(sweep);
    SweepFiles files = new SweepFiles(root.getFileSystem(FileSystems.configuration()), root);
    SweepReport report;
    try {
      report = files.read();
    } catch (FileNotFoundException e) {
      throw new ConfigException("", "[" + root + "] is no sweep directory: it has no report.json");
    }
    files.write(report);
    Path page = files.page();
    if (publish.isPresent()) {
      page = files.publish(report, FileSystems.qualified(publish.get()), pictureBytes);
    }
    System.out.println(SweepSummary.text(report, page));
    common.write(SweepSummary.json(report, page));
    return 0;
  }
}
