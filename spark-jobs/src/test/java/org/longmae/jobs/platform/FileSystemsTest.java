package org.longmae.jobs.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemsTest {
  private static final String DEFAULT = "spark.hadoop.fs.defaultFS";

  @AfterEach
  void forget() {
    System.clearProperty(DEFAULT);
  }

  // Otherwise a run whose file system is named by spark-submit alone is looked for on another one
  // before Spark starts: no shards are there, and a run that is held by another driver looks free.
  @Test
  void fileSystemsThatSparkSubmitNamesAreKnownBeforeSparkStarts(@TempDir Path folder)
      throws Exception {
    System.setProperty(DEFAULT, "viewfs://cluster/");
    System.setProperty("spark.hadoop.fs.viewfs.mounttable.cluster.link./run", folder.toUri() + "");
    try {
      assertThat(FileSystems.qualified("/run/x")).hasToString("viewfs://cluster/run/x");
    } finally {
      System.clearProperty("spark.hadoop.fs.viewfs.mounttable.cluster.link./run");
    }
  }
}
