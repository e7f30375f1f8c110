package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.platform.Cores;

/**
 * Evaluates a model on the held-out pictures of its shard set.
 *
 * <p>Reads weights and shards, writes nothing. Example:
 *
 * <pre>
 *   deploy/bin/longmae evaluate --run run
 * </pre>
 */
public final class EvaluateJob {
  private final JavaSparkContext spark;
  private final RunConfig config;
  private final ShardManifest manifest;
  private final String shards;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * Evaluates models of this configuration.
   *
   * @throws IOException if the shard set cannot be read
   */
  public EvaluateJob(JavaSparkContext spark, RunConfig config) throws IOException {
    Configuration configuration = spark.hadoopConfiguration();
    Path folder = new Path(config.data().shards());
    FileSystem fs = folder.getFileSystem(configuration);
    this.spark = spark;
    this.config = config;
    this.manifest = ShardManifest.read(fs, folder);
    requireHeldOut(manifest, folder);
    this.shards = fs.makeQualified(folder).toString();
    this.hadoop = spark.broadcast(new SerializableConfiguration(configuration));
  }

  /**
   * Refuses a shard set without held-out pictures.
   *
   * @throws ShardException if there are none
   */
  public static void requireHeldOut(ShardManifest manifest, Path folder) {
    if (manifest.rows(ShardPlan.VALIDATION) == 0) {
      throw new ShardException(
          String.format(
              "[%s] evaluation needs held-out pictures but there are none; shard with"
                  + " data.held-out above 0",
              folder));
    }
  }

  /** Held-out loss and linear probe of the weights in a file. */
  public EvaluateResult run(Path weights) {
    return run(trained(weights));
  }

  /** The same of the initial weights: what to compare a trained model with. */
  public EvaluateResult untrained() {
    return run(new ModelSource(config, null, Cores.ofTask(spark, config.compute())));
  }

  private EvaluateResult run(ModelSource model) {
    double loss = heldOutLoss(model);
    int pictures = Math.min(manifest.rows(ShardPlan.VALIDATION), config.evaluate().maxPictures());
    spark.setJobDescription("evaluate: linear probe");
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    LinearProbe probe = new LinearProbe(session, config.evaluate());
    return new EvaluateResult(
        loss,
        pictures,
        probe.run(features(model, ShardPlan.TRAIN), features(model, ShardPlan.VALIDATION)));
  }

  /** The first held-out pictures with what the model reconstructs of them. */
  public List<Example> examples(Path weights) {
    SplitReader split = split(ShardPlan.VALIDATION, config.evaluate().examples());
    return one(split).flatMap(new Examples(hadoop, trained(weights))).collect();
  }

  private double heldOutLoss(ModelSource model) {
    spark.setJobDescription("evaluate: held-out loss");
    SplitReader split = split(ShardPlan.VALIDATION, config.evaluate().maxPictures());
    return one(split).map(new MeanLoss(hadoop, model)).first();
  }

  private JavaRDD<LabelledFeatures> features(ModelSource model, String split) {
    return one(split(split, config.evaluate().maxPictures())).flatMap(new Features(hadoop, model));
  }

  private ModelSource trained(Path weights) {
    return new ModelSource(config, weights.toString(), Cores.ofTask(spark, config.compute()));
  }

  private SplitReader split(String split, int limit) {
    return new SplitReader(config, manifest, shards, split, limit);
  }

  /** One task: it computes on all cores of its executor. */
  private JavaRDD<SplitReader> one(SplitReader split) {
    return spark.parallelize(List.of(split), 1);
  }
}
