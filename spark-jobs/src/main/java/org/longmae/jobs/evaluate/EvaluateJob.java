package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.Digests;
import org.longmae.jobs.platform.Cores;

/**
 * Evaluates a model on the held-out pictures of its shard set, or on another one with the same
 * classes: reconstruction loss at the length it was trained at; and at the transfer length, how
 * well nearest neighbours and a linear probe read the class off its features. The same of random
 * weights and of raw pixels are what to compare with.
 *
 * <p>Reads weights and shards, writes nothing. Example:
 *
 * <pre>
 *   deploy/bin/longmae evaluate --run run
 * </pre>
 */
public final class EvaluateJob {
  private static final int KEY_DIGITS = 16;

  private final JavaSparkContext spark;
  private final RunConfig config;
  private final EvaluationSet pictures;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * Refuses a run that there is nothing to evaluate on.
   *
   * @return pictures that it will be scored on
   * @throws IOException if a shard set cannot be read
   */
  public static int check(RunConfig config, Configuration hadoop) throws IOException {
    return EvaluationSet.of(config, hadoop).scored().pictures();
  }

  /**
   * Evaluates models of this configuration.
   *
   * @throws IOException if a shard set cannot be read
   */
  public EvaluateJob(JavaSparkContext spark, RunConfig config) throws IOException {
    this.spark = spark;
    this.config = config;
    this.pictures = EvaluationSet.of(config, spark.hadoopConfiguration());
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
  }

  /** Classes that labels are indices into. */
  public List<String> classNames() {
    return pictures.classNames();
  }

  /** Held-out loss and readout of the weights in a file. */
  public EvaluateResult run(Path weights) {
    return result(heldOutLoss(trained(weights)), new EncoderFeatures(trained(weights)));
  }

  /** The held-out loss of the run's initial weights. */
  public double untrainedLoss() {
    return heldOutLoss(untrainedModel());
  }

  /** The readouts of random weights and of raw pixels; empty if there are no classes to read. */
  public Optional<Baselines> baselines() {
    return untrained().map(untrained -> new Baselines(untrained, pixels()));
  }

  /** The readout of random weights; empty if there are no classes to read. */
  public Optional<Readout> untrained() {
    return readout(new EncoderFeatures(untrainedModel())).readout();
  }

  /**
   * The readout of raw pixels.
   *
   * @throws java.util.NoSuchElementException if there are no classes to read
   */
  public Readout pixels() {
    return readout(RawPixels.of(config.transferImage())).readout().orElseThrow();
  }

  /** Names all that the readout of random weights depends on, in hexadecimal digits. */
  public String untrainedKey() {
    return key(
        config.seed(),
        config.transferImage(),
        config.transferPatchSize(),
        config.model().encoder(),
        config.evaluate().pooling(),
        config.evaluate().layer(),
        config.evaluate().batch());
  }

  /** Names all that the readout of raw pixels depends on, in hexadecimal digits. */
  public String pixelsKey() {
    return key(RawPixels.of(config.transferImage()).image());
  }

  private String key(Object... describer) {
    List<Object> all =
        List.of(
            List.of(describer),
            config.evaluate().neighbours(),
            config.evaluate().probeRegularization(),
            config.evaluate().probeIterations(),
            config.evaluate().maxPictures(),
            config.compute().precision(),
            pictures.fitted().shards(),
            pictures.scored().shards());
    return Digests.sha256(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, KEY_DIGITS);
  }

  /** The first held-out pictures with what the model reconstructs of them. */
  public List<Example> examples(Path weights) {
    SplitReader first = pictures.scored().first(config.evaluate().examples());
    return tasks(spark, first).mapPartitions(new Examples(hadoop, trained(weights))).collect();
  }

  /**
   * Writes features of all labelled pictures as Parquet: {@code id}, {@code label}, {@code
   * features}, in a folder a split.
   *
   * @param out is made; {@code train} and {@code validation} in it are replaced
   */
  public void writeFeatures(Path weights, Path out) {
    Describer describer = new EncoderFeatures(trained(weights));
    spark.setJobDescription("evaluate: features to " + out);
    FeatureFiles files = new FeatureFiles(session(), out);
    files.write("train", described(pictures.fitted(), describer));
    files.write("validation", described(pictures.scored(), describer));
  }

  private EvaluateResult result(double loss, Describer describer) {
    Read read = readout(describer);
    return new EvaluateResult(loss, pictures.scored().pictures(), read.readout(), read.note());
  }

  private double heldOutLoss(ModelSource model) {
    spark.setJobDescription("evaluate: held-out loss");
    // In the blocks' order: a sum in another order may have other bits.
    return tasks(spark, pictures.scored())
        .mapPartitions(new MeanLoss(hadoop, model))
        .collect()
        .stream()
        .reduce(MeanLoss.Sum::plus)
        .orElseThrow()
        .mean();
  }

  /** A readout, or why there is none. */
  private record Read(Optional<Readout> readout, String note) {}

  private Read readout(Describer describer) {
    spark.setJobDescription("evaluate: features");
    JavaRDD<Labelled> train = described(pictures.fitted(), describer);
    JavaRDD<Labelled> heldOut = described(pictures.scored(), describer);
    return kept(train, () -> kept(heldOut, () -> readout(train, heldOut)));
  }

  private Read readout(JavaRDD<Labelled> train, JavaRDD<Labelled> heldOut) {
    Map<Integer, Long> trained = train.map(Labelled::label).countByValue();
    Map<Integer, Long> scored = heldOut.map(Labelled::label).countByValue();
    String obstacle = ClassCounts.obstacle(trained, scored);
    if (!obstacle.isEmpty()) {
      return new Read(Optional.empty(), obstacle);
    }
    int classes = ClassCounts.classes(trained, scored, pictures.classNames().size());
    Task task = new Task(train, heldOut, classes, ClassCounts.commonest(trained));
    spark.setJobDescription("evaluate: nearest neighbours");
    Answers neighbours = new Neighbours(config.compute(), config.evaluate().neighbours()).run(task);
    spark.setJobDescription("evaluate: linear probe");
    LinearProbe.Probed probed = new LinearProbe(session(), config.evaluate()).run(task);
    return new Read(Optional.of(new Readout(neighbours, probed.answers(), probed.penalty())), "");
  }

  private JavaRDD<Labelled> described(SplitReader split, Describer describer) {
    return tasks(spark, split.at(describer.image())).mapPartitions(new Describe(hadoop, describer));
  }

  /** Blocks of a split, shared by a task an executor: it computes on all its cores. */
  static JavaRDD<SplitReader> tasks(JavaSparkContext spark, SplitReader split) {
    List<SplitReader> blocks = split.blocks();
    return spark.parallelize(blocks, Math.min(blocks.size(), Cores.executors(spark)));
  }

  private static <T> T kept(JavaRDD<?> rows, Supplier<T> use) {
    rows.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return use.get();
    } finally {
      rows.unpersist(false);
    }
  }

  private SparkSession session() {
    return SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
  }

  private ModelSource trained(Path weights) {
    return new ModelSource(config, weights.toString(), Cores.ofTask(spark, config.compute()));
  }

  private ModelSource untrainedModel() {
    return new ModelSource(config, null, Cores.ofTask(spark, config.compute()));
  }
}
