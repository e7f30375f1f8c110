package org.longmae.jobs.evaluate;

import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Features as Parquet, a row a picture: {@code id}, {@code label}, {@code features}. */
final class FeatureFiles {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private final SparkSession session;
  private final Path folder;

  FeatureFiles(SparkSession session, Path folder) {
    this.session = session;
    this.folder = folder;
  }

  /** Writes, over what is there, {@code folder/split}. */
  void write(String split, JavaRDD<Labelled> pictures) {
    session
        .createDataFrame(pictures.map(FeatureFiles::row), SCHEMA)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(new Path(folder, split).toString());
  }

  private static Row row(Labelled picture) {
    return RowFactory.create(picture.id(), picture.label(), picture.features());
  }
}
