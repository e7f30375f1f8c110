package org.longmae.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.longmae.conf.ImageSize;
import org.longmae.conf.RunConfig;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.jobs.picture.AttentionMap;
import org.longmae.jobs.picture.Panels;
import org.longmae.jobs.picture.PictureGrid;
import org.longmae.jobs.picture.Reconstruction;

/**
 * Draws examples as a grid: a row a picture; columns as {@link Reconstruction#columns} names them,
 * and behind them what the class token attends to.
 */
public final class ExampleGrid {
  private static final int GAP = 4;
  private static final int LEAST_SIDE = 128;

  private ExampleGrid() {}

  /** The names of the columns, from left to right. */
  public static List<String> columns(RunConfig config) {
    List<String> columns = new ArrayList<>(Reconstruction.columns(normalized(config)));
    columns.add("attention");
    return columns;
  }

  /** What a grid shows, for the text beside it. */
  public static String caption(RunConfig config) {
    return Reconstruction.caption(normalized(config)) + " " + AttentionMap.CAPTION;
  }

  /** The grid as a PNG. */
  public static byte[] png(RunConfig config, List<Example> examples) {
    List<List<Picture>> rows = new ArrayList<>();
    for (Example example : examples) {
      Panels panels = panels(config, example);
      List<Picture> row = new ArrayList<>(panels.row());
      row.add(
          AttentionMap.of(panels.original(), example.attention_L(), config.model().patchSize()));
      rows.add(row);
    }
    ImageSize size = config.image().size();
    int scale = Math.max(1, LEAST_SIDE / Math.max(size.height(), size.width()));
    return PictureCodec.png(PictureGrid.of(rows, GAP, scale));
  }

  private static Panels panels(RunConfig config, Example example) {
    return Reconstruction.of(
        example.image_CHW(),
        example.prediction_LV(),
        example.shuffle_L(),
        config.keptPatches(),
        config.gridRows(),
        config.gridCols(),
        config.model().patchSize(),
        doubles(config.image().mean()),
        doubles(config.image().std()),
        normalized(config),
        config.model().predictionDownsampling());
  }

  private static boolean normalized(RunConfig config) {
    return config.loss().normalizedTarget();
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
