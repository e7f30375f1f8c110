package org.longmae.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.longmae.conf.ImageSize;
import org.longmae.conf.RunConfig;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.jobs.picture.Panels;
import org.longmae.jobs.picture.PictureGrid;
import org.longmae.jobs.picture.Reconstruction;

/**
 * Draws examples as a grid: a row a picture, columns as {@link Reconstruction#columns} names them.
 */
public final class ExampleGrid {
  private static final int GAP = 4;
  private static final int LEAST_SIDE = 128;

  private ExampleGrid() {}

  /** The grid as a PNG. */
  public static byte[] png(RunConfig config, List<Example> examples) {
    List<List<Picture>> rows = new ArrayList<>();
    for (Example example : examples) {
      rows.add(panels(config, example).row());
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
        config.loss().normalizedTarget(),
        config.model().predictionDownsampling());
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
