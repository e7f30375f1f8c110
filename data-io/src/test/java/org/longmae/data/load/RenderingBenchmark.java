package org.longmae.data.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ImageConfig;
import org.longmae.conf.ImageSize;
import org.longmae.conf.Randomness;
import org.longmae.data.image.Crops;
import org.longmae.data.image.Normalizer;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.Resample;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.source.PictureAnnotations;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceReader;
import org.longmae.data.source.SourceSettings;
import org.longmae.data.source.Workspace;

/**
 * Measures what one core renders for training, images a second: {@code RenderingBenchmark FOLDER
 * SIZE PASSES}. The first pass is not counted.
 */
public final class RenderingBenchmark {
  private static final int STAGED = 200;

  private RenderingBenchmark() {}

  /** Runs the measurement. */
  public static void main(String[] arguments) throws IOException, UnreadablePictureException {
    int size = Integer.parseInt(arguments[1]);
    int passes = Integer.parseInt(arguments[2]);
    List<ShardRow> rows = rows(new Path(arguments[0]));
    Rendering rendering = new Rendering(imageConfig(size));
    float[] out = new float[rendering.imageLength()];
    for (int pass = 0; pass <= passes; pass++) {
      long from = cpuNanos();
      for (ShardRow row : rows) {
        rendering.training(row, new Randomness(1), pass, out, 0);
      }
      report("pass " + pass, rows.size(), from);
    }
    stages(rows, size);
  }

  private static void stages(List<ShardRow> rows, int size) throws UnreadablePictureException {
    for (int pass = 0; pass < 3; pass++) {
      List<Picture> decoded = new ArrayList<>();
      long from = cpuNanos();
      for (ShardRow row : rows.subList(0, STAGED)) {
        decoded.add(PictureCodec.decode(row.image()));
      }
      report("decode with checks", STAGED, from);
      List<Picture> resized = new ArrayList<>();
      from = cpuNanos();
      for (int i = 0; i < decoded.size(); i++) {
        Picture picture = decoded.get(i);
        var random = new Randomness(1).stream(Randomness.Purpose.AUGMENT, 0, i);
        var region = Crops.randomResized(picture.width(), picture.height(), 0.2, random);
        resized.add(Resample.bicubic(picture, region, size, size));
      }
      report("resize", STAGED, from);
      Normalizer normalizer = new Normalizer(imageConfig(8).mean(), imageConfig(8).std());
      float[] out = new float[3 * size * size];
      from = cpuNanos();
      for (Picture picture : resized) {
        normalizer.write(picture, true, out, 0);
      }
      report("normalise", STAGED, from);
    }
  }

  private static ImageConfig imageConfig(int size) {
    return new ImageConfig(
        ImageSize.square(size),
        3,
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225),
        0.2,
        true);
  }

  private static List<ShardRow> rows(Path folder) throws IOException, UnreadablePictureException {
    FileSystem fs = folder.getFileSystem(new Configuration());
    List<ShardRow> rows = new ArrayList<>();
    Workspace work = new Workspace(fs, new Path(folder, "_source"));
    PictureSource source = PictureSource.at(fs, folder, SourceSettings.DEFAULT);
    try (SourceReader reader = new SourceReader(fs.getConf())) {
      for (SourceEntry entry : source.list(work).entries()) {
        byte[] image = reader.picture(entry);
        Picture picture = PictureCodec.decode(image);
        rows.add(
            new ShardRow(
                rows.size(),
                image,
                "",
                -1,
                picture.width(),
                picture.height(),
                "",
                PictureAnnotations.NONE));
      }
    }
    work.clear();
    return rows;
  }

  /** Of this thread, so that other work on the machine does not count. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void report(String what, int pictures, long fromNanos) {
    double seconds = (cpuNanos() - fromNanos) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%-20s %7.1f pictures/s  %6.3f ms each%n",
        what,
        pictures / seconds,
        1e3 * seconds / pictures);
  }
}
