package org.longmae.jobs.evaluate;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
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
 * of Spark MLlib on standardised features, fitted on the training split, scored on the held-out
 * one.
 */
final class LinearProbe {
  private static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.DoubleType, false)
          .add("features", SQLDataTypes.VectorType(), false);

  private final SparkSession session;
  private final EvaluateConfig config;

  LinearProbe(SparkSession session, EvaluateConfig config) {
    this.session = session;
    this.config = config;
  }

  /** Fits on {@code train}, scores on {@code heldOut}. */
  ProbeResult run(JavaRDD<LabelledFeatures> train, JavaRDD<LabelledFeatures> heldOut) {
    Dataset<Row> trainRows = table(train).persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> heldOutRows = table(heldOut).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return probe(counts(trainRows), counts(heldOutRows), trainRows, heldOutRows);
    } finally {
      trainRows.unpersist();
      heldOutRows.unpersist();
    }
  }

  private ProbeResult probe(
      Map<Double, Long> trainCounts,
      Map<Double, Long> heldOutCounts,
      Dataset<Row> train,
      Dataset<Row> heldOut) {
    long trainPictures = total(trainCounts);
    long heldOutPictures = total(heldOutCounts);
    String obstacle = obstacle(trainCounts, heldOutCounts.keySet());
    if (!obstacle.isEmpty()) {
      return ProbeResult.none(trainPictures, heldOutPictures, obstacle);
    }
    LogisticRegressionModel model =
        new LogisticRegression()
            .setFamily("multinomial")
            .setRegParam(config.probeRegularization())
            .setMaxIter(config.probeIterations())
            .fit(train);
    long right = model.transform(heldOut).where("prediction = label").count();
    double frequent =
        trainCounts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    return new ProbeResult(
        OptionalDouble.of((double) right / heldOutPictures),
        OptionalDouble.of((double) heldOutCounts.getOrDefault(frequent, 0L) / heldOutPictures),
        trainPictures,
        heldOutPictures,
        "");
  }

  private static String obstacle(Map<Double, Long> trainCounts, Set<Double> heldOutClasses) {
    if (trainCounts.isEmpty() || heldOutClasses.isEmpty()) {
      return "the pictures have no labels";
    }
    if (trainCounts.size() < 2) {
      return "all labelled pictures are of one class";
    }
    long seldom = trainCounts.values().stream().filter(count -> count < 2).count();
    if (seldom * 2 > trainCounts.size()) {
      return String.format(
          "%d of %d classes have fewer than two training pictures", seldom, trainCounts.size());
    }
    return "";
  }

  private Dataset<Row> table(JavaRDD<LabelledFeatures> pictures) {
    return session.createDataFrame(pictures.map(LinearProbe::row), SCHEMA);
  }

  private static Row row(LabelledFeatures picture) {
    double[] features = new double[picture.features().length];
    for (int d = 0; d < features.length; d++) {
      features[d] = picture.features()[d];
    }
    return RowFactory.create((double) picture.label(), Vectors.dense(features));
  }

  private static Map<Double, Long> counts(Dataset<Row> rows) {
    JavaPairRDD<Double, Long> ones =
        rows.select("label").toJavaRDD().mapToPair(row -> new scala.Tuple2<>(row.getDouble(0), 1L));
    return ones.reduceByKey(Long::sum).collectAsMap();
  }

  private static long total(Map<Double, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
