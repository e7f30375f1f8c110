package org.longmae.jobs.platform;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems as this project uses them: local files are {@link LocalFiles}. */
public final class FileSystems {
  /** Hadoop settings; Spark hands them to executors. */
  public static final Map<String, String> SETTINGS =
      Map.of("fs.file.impl", LocalFiles.class.getName());

  private static final String SPARKS = "spark.hadoop.";

  private FileSystems() {}

  /**
   * A configuration for looking at files before Spark is started; with what {@code spark-submit}
   * was told of file systems, such as an object store's address.
   */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    SETTINGS.forEach(configuration::set);
    for (String key : System.getProperties().stringPropertyNames()) {
      if (key.startsWith(SPARKS)) {
        configuration.set(key.substring(SPARKS.length()), System.getProperty(key));
      }
    }
    return configuration;
  }

  /** The absolute form of a path that a user typed. */
  public static Path qualified(String path) throws IOException {
    Path typed = new Path(path);
    FileSystem fs = typed.getFileSystem(configuration());
    return fs.makeQualified(typed);
  }
}
