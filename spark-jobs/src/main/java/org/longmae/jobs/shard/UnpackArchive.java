package org.longmae.jobs.shard;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.data.archive.ArchiveException;
import org.longmae.data.archive.Gunzip;

/**
 * What an executor runs for one compressed archive. Gives what is wrong with the archive, empty if
 * nothing is: a failed task would be tried again, to the same end.
 */
final class UnpackArchive implements Function<Gunzip, String> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;

  private UnpackArchive(Broadcast<SerializableConfiguration> hadoop) {
    this.hadoop = hadoop;
  }

  /** Unpacks archives, each in a task of its own. */
  static void all(
      JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop, List<Gunzip> archives) {
    spark.setJobDescription("shard: unpack " + archives.size() + " archives");
    for (String problem :
        spark.parallelize(archives, archives.size()).map(new UnpackArchive(hadoop)).collect()) {
      if (!problem.isEmpty()) {
        throw new ArchiveException(problem);
      }
    }
  }

  @Override
  public String call(Gunzip archive) throws IOException {
    Configuration configuration = hadoop.value().value();
    try {
      archive.run(configuration);
      return "";
    } catch (ArchiveException e) {
      return e.getMessage();
    }
  }
}
