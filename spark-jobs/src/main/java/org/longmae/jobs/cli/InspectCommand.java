package org.longmae.jobs.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.inspect.ContactSheet;
import org.longmae.jobs.inspect.InspectJob;
import org.longmae.jobs.inspect.InspectResult;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.shard.BadDataException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code longmae inspect}. */
@Command(
    name = "inspect",
    description = "Tells what is in a shard set, and whether it is whole. Changes nothing.")
public final class InspectCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "SHARDS", description = "Folder of the shard set.")
  private String shards;

  @Option(
      names = "--verify",
      description =
          "Read every byte: digests of files and pictures, page checksums, rows. Exit code 3 if"
              + " anything is damaged.")
  private boolean verify;

  @Option(
      names = "--pixels",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Decode at least N pictures, as far as there are so many, for the mean and deviation of"
              + " their pixels. Default: ${DEFAULT-VALUE}.")
  private int pixels;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "Draw pictures with their boxes and masks, as a PNG.")
  private Optional<String> sheet = Optional.empty();

  @Option(
      names = "--pictures",
      paramLabel = "N",
      defaultValue = "24",
      description = "Pictures on the sheet. Default: ${DEFAULT-VALUE}.")
  private int pictures;

  @Override
  public Integer call() throws Exception {
    requireAtLeast(0, "--pixels", pixels);
    requireAtLeast(1, "--pictures", pictures);
    Path folder = FileSystems.qualified(shards);
    FileSystem fs = folder.getFileSystem(FileSystems.configuration());
    // Before Spark starts: what is no shard set is told at once.
    ShardManifest manifest = ShardManifest.read(fs, folder);
    InspectResult result;
    try (JavaSparkContext spark = common.spark("inspect")) {
      result = new InspectJob(folder, verify, pixels).run(spark);
    }
    System.out.println(InspectText.of(result));
    common.write(InspectText.json(result));
    if (!result.summary().problems().isEmpty()) {
      throw new BadDataException(
          String.format(
              "[%s] is damaged: %d problems, the first: %s",
              folder, result.summary().problems().size(), result.summary().problems().get(0)));
    }
    if (sheet.isPresent()) {
      Path file = FileSystems.qualified(sheet.get());
      byte[] png = ContactSheet.png(fs, folder, manifest, pictures);
      CommittedFile.write(file.getFileSystem(FileSystems.configuration()), file, png);
      System.out.println("sheet " + file);
    }
    return 0;
  }

  private static void requireAtLeast(int least, String option, int value) {
    if (value < least) {
      throw new ConfigException("", option + " must be at least " + least + " but was " + value);
    }
  }
}
