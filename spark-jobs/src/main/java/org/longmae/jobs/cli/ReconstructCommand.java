package org.longmae.jobs.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.ExampleGrid;
import org.longmae.jobs.platform.FileSystems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae reconstruct}. */
@Command(
    name = "reconstruct",
    description =
        "Draws held-out pictures: original, visible patches, reconstruction, attention, as a PNG"
            + " grid.")
public final class ReconstructCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--run", paramLabel = "DIR", required = true, description = "Run directory.")
  private String run;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The PNG.")
  private String out;

  @Override
  public Integer call() throws Exception {
    TrainedRun trained = TrainedRun.at(run);
    Path file = FileSystems.qualified(out);
    try (JavaSparkContext spark = common.spark("reconstruct")) {
      EvaluateJob job = new EvaluateJob(spark, trained.config());
      byte[] png = ExampleGrid.png(trained.config(), job.examples(trained.weights()));
      CommittedFile.write(file.getFileSystem(spark.hadoopConfiguration()), file, png);
      System.out.println(file + "\n" + ExampleGrid.caption(trained.config()));
      common.write(
          Map.of("picture", file.toString(), "columns", ExampleGrid.columns(trained.config())));
    }
    return 0;
  }
}
