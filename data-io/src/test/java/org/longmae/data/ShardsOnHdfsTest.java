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
import org.longmae.data.shard.BuildWatch;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardVerification;
import org.longmae.data.source.SourceSettings;

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
    // Two of three may be gone, and are noticed at once.
    configuration.setInt("dfs.replication", 3);
    configuration.setInt("dfs.namenode.replication.min", 1);
    configuration.setInt("ipc.client.connect.max.retries", 0);
    EditLogFileOutputStream.setShouldSkipFsyncForTesting(true);
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(3).build();
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

  /** A data node dies while a shard is written, and another while shards are read. */
  @Test
  void dataNodesMayStop() throws IOException {
    Path root = new Path("/user/another");
    ShardManifest whole = TestShards.small(fs, root, 60, 0);
    Path source = new Path(root, "source");
    Path shards = new Path(root, "again");
    int[] stored = {0};
    BuildWatch stop =
        new BuildWatch() {
          @Override
          public void stored(long bytes, boolean encodedAgain) {
            if (++stored[0] == 10) {
              cluster.stopDataNode(0);
            }
          }

          @Override
          public void leftOut() {}

          @Override
          public boolean isStopped() {
            return false;
          }
        };

    ShardManifest again =
        TestShards.build(
            fs,
            source,
            shards,
            TestShards.list(fs, source, SourceSettings.DEFAULT, shards),
            TestShards.data("data.held-out=0"),
            stop);

    assertThat(stored[0]).isEqualTo(60);
    assertThat(again.digest()).isEqualTo(whole.digest());
    cluster.stopDataNode(0);
    int rows = 0;
    for (ShardFile file : again.files()) {
      try (ShardReader reader = ShardReader.open(fs, new Path(shards, file.name()))) {
        for (int i = 0; i < reader.rowGroups(); i++) {
          rows += reader.rowGroup(i).size();
        }
      }
    }
    assertThat(rows).isEqualTo(60);
  }
}
