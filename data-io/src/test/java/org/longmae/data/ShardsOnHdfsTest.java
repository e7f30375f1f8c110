package org.longmae.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.load.Batch;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardVerification;

/**
 * A real HDFS refuses what the local file system allows: renaming onto a file, small blocks, odd
 * block sizes.
 */
class ShardsOnHdfsTest {
  private static MiniDFSCluster cluster;
  private static FileSystem fs;

  @BeforeAll
  static void start(@TempDir java.nio.file.Path folder) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    EditLogFileOutputStream.setShouldSkipFsyncForTesting(true);
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    fs = cluster.getFileSystem();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.shutdown();
    }
  }

  @Test
  void shardsAreBuiltBuiltAgainAndTrainedFrom() throws IOException {
    Path root = new Path("/user/someone");
    ShardManifest first = TestShards.small(fs, root, 20, 0.1);

    ShardManifest again =
        TestShards.build(fs, new Path(root, "source"), new Path(root, "shards"), 0.1);

    assertThat(again).isEqualTo(first);
    assertThat(first.rows("train")).isEqualTo(18);
    assertThat(fs.exists(new Path(root, "shards/_temporary"))).isFalse();
    assertThat(first.files())
        .allMatch(file -> ShardVerification.problems(fs, new Path(root, "shards"), file).isEmpty());
    try (TrainingLoader loader =
        TrainingLoader.open(fs, new Path(root, "shards"), first, TestShards.run(1, 16, 2), 0)) {
      Batch batch = loader.next();
      assertThat(batch.size()).isEqualTo(16);
    }
  }
}
