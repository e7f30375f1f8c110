package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.Digests;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.jobs.train.PretrainResult;
import org.longmae.jobs.train.Progress;

/**
 * Fine-tunes an encoder to the classes of its shard set, end to end, through the training service,
 * and scores it on the pictures that evaluation scores on.
 *
 * <p>Input: shards, a checkpoint or none (the same from random weights, to compare with). Output: a
 * run directory, as pre-training's. Run again after a kill, it continues and ends in the same bits.
 * Example:
 *
 * <pre>
 *   deploy/bin/longmae finetune --run run --out tuned
 * </pre>
 */
public final class FinetuneJob {
  private static final int KEY_DIGITS = 16;

  private final JavaSparkContext spark;
  private final RunConfig config;
  private final EvaluationSet pictures;

  /**
   * Fine-tunes encoders of a pre-training run.
   *
   * @throws IOException if a shard set cannot be read
   */
  public FinetuneJob(JavaSparkContext spark, RunConfig config) throws IOException {
    this.spark = spark;
    this.config = config;
    this.pictures = checked(config, spark.hadoopConfiguration());
  }

  /**
   * Refuses a run whose pictures have no classes to be fine-tuned to.
   *
   * @throws IOException if a shard set cannot be read
   */
  public static void check(RunConfig config, Configuration hadoop) throws IOException {
    checked(config, hadoop);
  }

  private static EvaluationSet checked(RunConfig config, Configuration hadoop) throws IOException {
    EvaluationSet pictures = EvaluationSet.of(config, hadoop);
    if (pictures.classNames().size() < 2) {
      throw new ConfigException(
          "data.shards",
          String.format(
              "fine-tuning needs pictures of at least 2 classes but [%s] has %s",
              config.data().shards(), pictures.classNames().size()));
    }
    Path shards = new Path(config.data().shards());
    TrainingLoader.stepsPerEpoch(
        ShardManifest.read(shards.getFileSystem(hadoop), shards), config.finetuned(""));
    return pictures;
  }

  /** Classes that labels are indices into. */
  public List<String> classNames() {
    return pictures.classNames();
  }

  /** Fine-tunes the encoder of a checkpoint. */
  public Tuned run(Path weights, Path root, Progress progress) throws IOException {
    return tune(config.finetuned(weights.toString()), root, progress);
  }

  /** Trains the same classifier from random weights, for as many epochs. */
  public Tuned scratch(Path root, Progress progress) throws IOException {
    return tune(config.finetuned(""), root, progress);
  }

  /**
   * Names all that training from random weights depends on, in hexadecimal digits: equal for runs
   * that share the baseline.
   */
  public String scratchKey() {
    RunConfig scratch = config.finetuned("");
    List<Object> all =
        List.of(
            scratch.seed(),
            scratch.image(),
            scratch.model().patchSize(),
            scratch.model().encoder(),
            scratch.optim(),
            scratch.train().batch(),
            scratch.train().epochs(),
            scratch.finetune(),
            scratch.compute().precision(),
            pictures.fitted().shards(),
            pictures.scored().shards());
    return Digests.sha256(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, KEY_DIGITS);
  }

  private Tuned tune(RunConfig tuned, Path root, Progress progress) throws IOException {
    PretrainResult trained = new PretrainJob(tuned, root, progress).run(spark);
    RunDirectory run = RunDirectory.existing(root.getFileSystem(spark.hadoopConfiguration()), root);
    Answers answers = answers(tuned, run.newestWeights().orElseThrow());
    return new Tuned(
        trained.run(), answers, tuned.train().epochs(), trained.finalLoss(), trained.seconds());
  }

  private Answers answers(RunConfig tuned, Path weights) {
    spark.setJobDescription("fine-tuning: " + weights);
    int classes = pictures.classNames().size();
    Classify classify =
        new Classify(
            spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())),
            tuned,
            weights.toString(),
            classes,
            Cores.ofTask(spark, tuned.compute()));
    SplitReader scored = pictures.scored().at(tuned.image());
    List<Answer> answers = EvaluateJob.tasks(spark, scored).mapPartitions(classify).collect();
    if (answers.isEmpty()) {
      throw new ShardException("the pictures that are scored on have no classes");
    }
    return Answer.count(answers, classes, commonest(answers));
  }

  /** The largest class among the pictures scored on. */
  private static int commonest(List<Answer> answers) {
    Map<Integer, Long> counts =
        answers.stream()
            .map(Answer::label)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }
}
