package org.longmae.jobs.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * Rounds of a run under DL4J's {@code ParameterAveragingTrainingMaster}: the same model, batches,
 * masks and rates as the training service's, another way to average. Parameters and moments of all
 * workers pass through the driver.
 *
 * <p>One call of fit is one round: its "paths" are already the workers' batches, one partition a
 * worker, so that DL4J neither splits nor moves them.
 */
public final class Dl4jRounds implements AutoCloseable {
  private final JavaSparkContext spark;
  private final String shards;
  private final int workers;
  private final ShardBatches batches;
  private final SparkComputationGraph graph;

  private Dl4jRounds(
      JavaSparkContext spark,
      String shards,
      int workers,
      ShardBatches batches,
      SparkComputationGraph graph) {
    this.spark = spark;
    this.shards = shards;
    this.workers = workers;
    this.batches = batches;
    this.graph = graph;
  }

  /**
   * Starts from these weights, with moments of zero.
   *
   * @param shards URI of the shard set's folder
   * @param workers each with the same share of a batch
   * @param threads cores that a worker computes on
   * @param parameters in the order of {@link org.longmae.model.ParameterLayout}
   * @throws IllegalArgumentException if the configuration asks for what DL4J cannot do
   */
  public static Dl4jRounds start(
      JavaSparkContext spark,
      RunConfig config,
      ShardManifest manifest,
      String shards,
      int workers,
      int threads,
      float[] parameters) {
    requireSupported(config, workers);
    ComputationGraph network =
        new ComputationGraph(
            CountedGraphConf.of(
                graph(config, TrainingLoader.stepsPerEpoch(manifest, config), threads)));
    INDArray initial = Nd4j.createFromArray(parameters).reshape(1, parameters.length);
    network.init(initial, true);
    int share = config.train().batch() / workers;
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(workers, share)
            .batchSizePerWorker(share)
            .averagingFrequency(config.train().localSteps())
            // Its Javadoc calls it the default; it is not.
            .saveUpdater(true)
            .repartionData(Repartition.Never)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .workerPrefetchNumBatches(0)
            .build();
    return new Dl4jRounds(
        spark,
        shards,
        workers,
        new ShardBatches(spark.hadoopConfiguration(), config, manifest),
        new SparkComputationGraph(spark, network, master));
  }

  private static void requireSupported(RunConfig config, int workers) {
    OptimConfig optim = config.optim();
    require(config.train().batch() % workers == 0, "train.batch that is a multiple of the workers");
    require(optim.clipNorm() == 0, "optim.clip-norm = 0: DL4J has no norm over all parameters");
    require(optim.emaDecay() == 0, "optim.ema-decay = 0");
    require(optim.layerDecay() == 1, "optim.layer-decay = 1");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("averaging by DL4J needs " + what);
    }
  }

  private static ComputationGraphConfiguration graph(
      RunConfig config, int stepsPerEpoch, int threads) {
    OptimConfig optim = config.optim();
    MaeLayerConf layer = new MaeLayerConf(config, threads);
    layer.setRegularization(List.of(new WeightDecay(optim.weightDecay(), true)));
    layer.setRegularizationBias(List.of());
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.FLOAT)
        // The loss is a mean already.
        .miniBatch(false)
        .trainingWorkspaceMode(WorkspaceMode.NONE)
        .inferenceWorkspaceMode(WorkspaceMode.NONE)
        .updater(
            new Adam.Builder()
                .learningRateSchedule(new RunRate(layer.getRun(), stepsPerEpoch))
                .beta1(optim.beta1())
                .beta2(optim.beta2())
                .epsilon(optim.epsilon())
                .build())
        .graphBuilder()
        .addInputs("images")
        .addLayer("mae", layer, "images")
        .setOutputs("mae")
        .validateOutputLayerConfig(false)
        .build();
  }

  /**
   * Trains the workers on steps [first, last) and averages them.
   *
   * @return the mean of the workers' losses at their last step
   */
  public double train(long first, long last) {
    List<String> paths = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      for (long step = first; step < last; step++) {
        paths.add(ShardBatches.path(shards, worker, workers, step));
      }
    }
    // Cut into equal runs: a partition is a worker's steps in their order.
    graph.fitPaths(spark.parallelize(paths, workers), batches);
    return graph.getScore();
  }

  /** The averaged weights. */
  public float[] parameters() {
    return graph.getNetwork().params().dup().data().asFloat();
  }

  /** AdamW's averaged moments: first, and behind it second. */
  public float[] moments() {
    return graph.getNetwork().getUpdater().getStateViewArray().dup().data().asFloat();
  }

  /** Frees what workers in this JVM have; executors' is freed with them. */
  @Override
  public void close() {
    WorkerEngine.close();
    ShardBatches.close();
  }
}
