package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.StateManifest;

/** Runs whose storage fails under them. */
class StorageTest {
  @TempDir static java.nio.file.Path folder;

  private static RunConfig config;

  @BeforeAll
  static void makeShards() throws IOException {
    String shards = TestRuns.shards(new Path(folder.resolve("data").toUri()), 120);
    config = tinyRun(shards, "train.workers=2", "checkpoint.lease-seconds=1");
  }

  @AfterEach
  void allow() {
    RefusingFileSystem.refuses = false;
  }

  /** What happens when rounds end. */
  private interface AtRound {
    void ended(int round) throws IOException;
  }

  private static Progress at(AtRound action) {
    return new Progress() {
      @Override
      public void start(long totalSteps, long doneSteps) {}

      @Override
      public void round(RoundMetrics metrics, long totalSteps) {
        try {
          action.ended(metrics.round());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void end() {}
    };
  }

  // S1: one of three DataNodes dies between two rounds; later the NameNode is started anew, while
  // the next round already runs.
  @Test
  void aRunOutlivesADataNodeAndARestartOfTheNameNode() throws Exception {
    train(config, local("undisturbed"), new Recorder());
    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    EditLogFileOutputStream.setShouldSkipFsyncForTesting(true);
    // HDFS insists on local files with checksums; Hadoop's cache has them as this project does.
    TestRuns.stopSpark();
    FileSystem.closeAll();
    FileSystem.getLocal(hadoop);
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(hadoop).numDataNodes(3).build()) {
      hdfs.waitActive();
      Thread[] restart = new Thread[1];
      Progress trouble =
          at(
              round -> {
                if (round == 1) {
                  hdfs.stopDataNode(0);
                } else if (round == 3) {
                  restart[0] = new Thread(() -> restartNameNode(hdfs));
                  restart[0].start();
                }
              });
      Path run = new Path(hdfs.getURI() + "/run");
      train(config, run, trouble);
      restart[0].join();
      assertThat(States.vectors(run.getFileSystem(hadoop), run))
          .isEqualTo(States.vectors(local("undisturbed")));
    } finally {
      TestRuns.stopSpark();
      FileSystem.closeAll();
    }
  }

  private static void restartNameNode(MiniDFSCluster hdfs) {
    try {
      hdfs.restartNameNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // S5: told before anything is trained, and by the folder's name.
  @Test
  void aFolderThatCannotBeWrittenIsToldAtTheStart() {
    RefusingFileSystem.refuses = true;
    Path run = refusing("read-only");
    assertThatThrownBy(() -> train(config, run, new Recorder()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("[" + run + "] a run's folder must be writable but is not")
        .hasMessageContaining("Permission denied");
  }

  // S5: a permission that is lost while the run goes on.
  @Test
  void aStateThatCannotBeWrittenEndsTheRun() throws Exception {
    train(config, local("whole"), new Recorder());
    Path run = refusing("lost");
    Progress revoke = at(round -> RefusingFileSystem.refuses = round == 2);
    assertThatThrownBy(() -> train(config, run, revoke))
        .hasStackTraceContaining("round-000003")
        .hasStackTraceContaining("Permission denied");
    RefusingFileSystem.refuses = false;
    RunDirectory left = RunDirectory.existing(run.getFileSystem(hadoop()), run);
    assertThat(left.states().newest()).map(StateManifest::round).contains(2);
    // Neither could the lease be given back.
    Thread.sleep(1_500);
    train(config, run, new Recorder());
    assertThat(States.vectors(run.getFileSystem(hadoop()), run))
        .isEqualTo(States.vectors(local("whole")));
  }

  private static void train(RunConfig config, Path run, Progress progress) throws IOException {
    hadoop().set("fs.refusing.impl", RefusingFileSystem.class.getName());
    new PretrainJob(config, run, progress).run(spark());
  }

  private static Configuration hadoop() {
    return spark().hadoopConfiguration();
  }

  private static Path local(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private static Path refusing(String name) {
    return new Path("refusing://" + folder.resolve(name));
  }
}
