package org.longmae.jobs.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ConfigException;
import org.longmae.conf.Randomness;
import org.longmae.data.scenes.SceneFolder;
import org.longmae.data.scenes.ScenePicture;

/**
 * Renders the built-in scenes into COCO's layout: pictures in parallel, annotations last.
 *
 * <p>Run again on a finished folder, it does nothing. Example:
 *
 * <pre>
 *   deploy/bin/longmae scenes --count 2400 --out scenes
 * </pre>
 */
public final class ScenesJob {
  private static final int PICTURES_A_TASK = 100;

  private final Randomness randomness;
  private final int count;
  private final int width;
  private final int height;
  private final Path target;

  /**
   * {@code count} pictures of {@code width} by {@code height} pixels in the folder {@code target}.
   */
  public ScenesJob(Randomness randomness, int count, int width, int height, Path target) {
    this.randomness = randomness;
    this.count = count;
    this.width = width;
    this.height = height;
    this.target = target;
  }

  /**
   * Renders what is not there.
   *
   * @return whether anything was rendered
   */
  public boolean run(JavaSparkContext spark) throws IOException {
    FileSystem fs = target.getFileSystem(spark.hadoopConfiguration());
    if (fs.exists(SceneFolder.annotations(target))) {
      refuseOtherCount(fs.listStatus(SceneFolder.pictures(target)).length);
      return false;
    }
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start < count; start += PICTURES_A_TASK) {
      starts.add(start);
    }
    spark.setJobDescription("scenes: " + count + " pictures");
    Render body =
        new Render(
            spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())),
            fs.makeQualified(target).toString(),
            randomness,
            count,
            width,
            height);
    List<ScenePicture> pictures = spark.parallelize(starts, starts.size()).flatMap(body).collect();
    SceneFolder.writeAnnotations(fs, target, pictures, randomness);
    return true;
  }

  private void refuseOtherCount(int present) {
    if (present != count) {
      throw new ConfigException(
          "",
          String.format(
              "[%s] must hold %d scenes but holds %d of an earlier call; choose another --out",
              target, count, present));
    }
  }

  /** What an executor renders: the pictures from one index on. */
  private static final class Render implements FlatMapFunction<Integer, ScenePicture> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<SerializableConfiguration> hadoop;
    private final String folder;
    private final Randomness randomness;
    private final int count;
    private final int width;
    private final int height;

    Render(
        Broadcast<SerializableConfiguration> hadoop,
        String folder,
        Randomness randomness,
        int count,
        int width,
        int height) {
      this.hadoop = hadoop;
      this.folder = folder;
      this.randomness = randomness;
      this.count = count;
      this.width = width;
      this.height = height;
    }

    @Override
    public java.util.Iterator<ScenePicture> call(Integer start) throws IOException {
      Path path = new Path(folder);
      FileSystem fs = path.getFileSystem(hadoop.value().value());
      int end = Math.min(count, start + PICTURES_A_TASK);
      return SceneFolder.writePictures(fs, path, randomness, start, end, width, height).iterator();
    }
  }
}
