package org.longmae.jobs.dl4j;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.data.load.BatchSlice;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.train.BatchMasks;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Hands DL4J the batches that a worker of the training service would train on: a "path" of DL4J's
 * names a worker and a step, {@code shards#worker/workers/step}.
 */
final class ShardBatches implements MultiDataSetLoader {
  private static final long serialVersionUID = 1L;

  /** Open loaders of this JVM, by run and worker; a worker's steps follow one another. */
  private static final Map<String, TrainingLoader> OPEN = new HashMap<>();

  private final SerializableConfiguration hadoop;
  private final RunConfig config;
  private final ShardManifest manifest;

  ShardBatches(Configuration hadoop, RunConfig config, ShardManifest manifest) {
    this.hadoop = new SerializableConfiguration(hadoop);
    this.config = config;
    this.manifest = manifest;
  }

  static String path(String shards, int worker, int workers, long step) {
    return shards + "#" + worker + "/" + workers + "/" + step;
  }

  @Override
  public MultiDataSet load(Source source) throws IOException {
    String shards = source.getPath().substring(0, source.getPath().indexOf('#'));
    String[] place = URI.create(source.getPath()).getFragment().split("/");
    BatchSlice slice =
        BatchSlice.of(
            Integer.parseInt(place[0]), Integer.parseInt(place[1]), config.train().batch());
    long step = Long.parseLong(place[2]);
    Batch batch = next(shards, slice, step);
    int epoch = Math.toIntExact(step / TrainingLoader.stepsPerEpoch(manifest, config));
    int[] shuffles_BL = new BatchMasks(config, Purpose.MASK).of(batch.ids(), epoch);
    float[] labels = new float[shuffles_BL.length];
    for (int i = 0; i < labels.length; i++) {
      // Exact: there are less than 2^24 patches.
      labels[i] = shuffles_BL[i];
    }
    int images = batch.size();
    return new MultiDataSet(
        Nd4j.createFromArray(batch.images_BCHW()).reshape(images, -1),
        Nd4j.createFromArray(labels).reshape(images, -1));
  }

  private Batch next(String shards, BatchSlice slice, long step) throws IOException {
    String key = shards + slice;
    synchronized (OPEN) {
      TrainingLoader loader = OPEN.get(key);
      if (loader == null || loader.step() != step) {
        if (loader != null) {
          loader.close();
        }
        Path folder = new Path(shards);
        loader =
            TrainingLoader.open(
                folder.getFileSystem(hadoop.value()), folder, manifest, config, step, slice);
        OPEN.put(key, loader);
      }
      return loader.next();
    }
  }

  /** Closes what this JVM has open. */
  static void close() {
    synchronized (OPEN) {
      OPEN.values().forEach(TrainingLoader::close);
      OPEN.clear();
    }
  }
}
