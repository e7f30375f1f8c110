package org.longmae.jobs.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.Randomness;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.shard.ScenesJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae scenes}. */
@Command(name = "scenes", description = "Renders labelled synthetic photographs in COCO's layout.")
public final class ScenesCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where they go.")
  private String out;

  @Option(names = "--count", paramLabel = "N", defaultValue = "2400", description = "Pictures.")
  private int count;

  @Option(names = "--width", paramLabel = "PX", defaultValue = "192", description = "Width.")
  private int width;

  @Option(names = "--height", paramLabel = "PX", defaultValue = "144", description = "Height.")
  private int height;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed renders the same pictures.")
  private long seed;

  @Override
  public Integer call() throws Exception {
    if (count < 1 || Math.min(width, height) < 16 || Math.max(width, height) > 4096) {
      throw new ConfigException(
          "",
          String.format(
              "--count must be at least 1 and sides within 16…4096 pixels but were %d, %d x %d",
              count, width, height));
    }
    Path folder = FileSystems.qualified(out);
    try (JavaSparkContext spark = common.spark("scenes")) {
      boolean made = new ScenesJob(new Randomness(seed), count, width, height, folder).run(spark);
      System.out.println((made ? "scenes: " : "scenes were there: ") + folder);
      common.write(Map.of("folder", folder.toString(), "made_now", made));
    }
    return 0;
  }
}
