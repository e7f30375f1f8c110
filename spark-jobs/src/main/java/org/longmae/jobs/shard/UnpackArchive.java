package org.longmae.jobs.shard;

import java.io.IOException;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.data.archive.Gunzip;

/** What an executor runs for one compressed archive. */
final class UnpackArchive implements VoidFunction<Gunzip> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;

  UnpackArchive(Broadcast<SerializableConfiguration> hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public void call(Gunzip task) throws IOException {
    task.run(hadoop.value().value());
  }
}
