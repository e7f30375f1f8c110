package org.longmae.jobs.evaluate;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.longmae.conf.EvaluateConfig;

/**
 * How well a linear classifier reads the class off frozen features: multinomial logistic regression
 * of Spark MLlib on standardised features. The weight of its ridge penalty is the one that does
 * best on a tenth of the training pictures when fitted to the rest; with it all are fitted.
 */
final class LinearProbe {
  private static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.DoubleType, false)
          .add("features", SQLDataTypes.VectorType(), false);

  /** Every tenth picture, by its id, is to choose the penalty by. */
  private static final int TENTH = 10;

  private final SparkSession session;
  private final EvaluateConfig config;

  LinearProbe(SparkSession session, EvaluateConfig config) {
    this.session = session;
    this.config = config;
  }

  /**
   * What a probe came to.
   *
   * @param penalty that was chosen
   */
  record Probed(Answers answers, double penalty) {}

  /** Fits and scores. */
  Probed run(Task task) {
    int slots = task.train().context().defaultParallelism();
    JavaRDD<Labelled> train = task.train().repartition(slots);
    Dataset<Row> all = kept(train);
    Dataset<Row> heldOut = kept(task.heldOut());
    try {
      double penalty = penalty(train, task);
      return new Probed(answers(fitted(all, penalty), heldOut, task), penalty);
    } finally {
      all.unpersist();
      heldOut.unpersist();
    }
  }

  private double penalty(JavaRDD<Labelled> train, Task task) {
    List<Double> choices = config.probeRegularization();
    if (choices.size() == 1) {
      return choices.get(0);
    }
    Dataset<Row> most = kept(train.filter(picture -> picture.id() % TENTH != 0));
    Dataset<Row> tenth = kept(train.filter(picture -> picture.id() % TENTH == 0));
    try {
      double best = choices.get(0);
      double bestAccuracy = -1;
      for (double choice : choices) {
        double accuracy = answers(fitted(most, choice), tenth, task).accuracy();
        if (accuracy > bestAccuracy) {
          best = choice;
          bestAccuracy = accuracy;
        }
      }
      return best;
    } finally {
      most.unpersist();
      tenth.unpersist();
    }
  }

  private LogisticRegressionModel fitted(Dataset<Row> pictures, double penalty) {
    return new LogisticRegression()
        .setFamily("multinomial")
        .setRegParam(penalty)
        .setMaxIter(config.probeIterations())
        .fit(pictures);
  }

  private static Answers answers(LogisticRegressionModel model, Dataset<Row> pictures, Task task) {
    int classes = task.classes();
    List<Answer> answers =
        model
            .transform(pictures)
            .select("label", "rawPrediction")
            .toJavaRDD()
            .map(row -> answer((int) row.getDouble(0), (Vector) row.get(1), classes))
            .collect();
    return Answer.count(answers, classes, task.commonest());
  }

  /** A class that no training picture has, gets no score of the model. */
  private static Answer answer(int label, Vector raw, int classes) {
    double[] scores = new double[classes];
    for (int other = 0; other < classes; other++) {
      scores[other] = other < raw.size() ? raw.apply(other) : Double.NEGATIVE_INFINITY;
    }
    return Answer.of(label, scores);
  }

  private Dataset<Row> kept(JavaRDD<Labelled> pictures) {
    return session
        .createDataFrame(pictures.map(LinearProbe::row), SCHEMA)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Row row(Labelled picture) {
    double[] features = new double[picture.features().length];
    for (int d = 0; d < features.length; d++) {
      features[d] = picture.features()[d];
    }
    return RowFactory.create((double) picture.label(), Vectors.dense(features));
  }
}
