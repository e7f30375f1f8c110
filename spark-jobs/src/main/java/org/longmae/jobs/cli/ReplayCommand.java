package org.longmae.jobs.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.train.FailureDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code longmae replay}. */
@Command(
    name = "replay",
    description = "Takes the step again at which a run's loss was not finite.")
public final class ReplayCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "DIR", description = "RUN/failures/round-…, as the run's end said.")
  private String folder;

  @Override
  public Integer call() throws Exception {
    Path dump = FileSystems.qualified(folder);
    FileSystem fs = dump.getFileSystem(FileSystems.configuration());
    RunConfig config = RunDirectory.existing(fs, dump.getParent().getParent()).config();
    String failure = FailureDump.replay(fs, dump, config);
    System.out.println("failed again: " + failure);
    common.write(Map.of("failure", failure));
    return 0;
  }
}
