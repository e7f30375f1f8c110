package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.ResourceScheduler;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler;
import org.apache.spark.deploy.SparkSubmit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.LongMae;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;

/**
 * Commands in YARN's cluster mode: containers in JVMs of their own, the driver in one of them. Both
 * modes, kills from outside and sharding: {@code deploy/bin/longmae-check yarn}. Takes a minute:
 * with {@code mvn -Plong-tests verify}.
 */
@Tag("long")
class YarnTest {
  @TempDir static Path folder;

  private static MiniDFSCluster hdfs;
  private static MiniYARNCluster yarn;
  private static YarnClient client;
  private static RunConfig config;

  @BeforeAll
  static void start() throws IOException {
    String shards = TestRuns.shards(local("data"), 60);
    config = tinyRun(shards, "train.workers=2", "fault=prune@1!");
    RunConfig undisturbed = tinyRun(shards, "train.workers=2");
    new PretrainJob(undisturbed, local("undisturbed"), new Recorder()).run(TestRuns.spark());
    TestRuns.stopSpark();
    // HDFS insists on local files with checksums.
    FileSystem.closeAll();
    YarnConfiguration conf = new YarnConfiguration();
    FileSystem.getLocal(conf);
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    hdfs.waitActive();
    conf.set("fs.defaultFS", hdfs.getURI().toString());
    // No share of the cluster is kept from application masters.
    conf.setClass(YarnConfiguration.RM_SCHEDULER, FifoScheduler.class, ResourceScheduler.class);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    conf.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 99);
    yarn = new MiniYARNCluster("yarn", 1, 1, 1);
    yarn.init(conf);
    yarn.start();
    // Later files win, and YARN's own defaults come between the two.
    for (String name : List.of("core-site.xml", "yarn-site.xml")) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
        yarn.getConfig().writeXml(out);
      }
    }
    client = YarnClient.createYarnClient();
    client.init(yarn.getConfig());
    client.start();
  }

  @AfterAll
  static void stop() throws IOException {
    client.stop();
    yarn.stop();
    hdfs.close();
    FileSystem.closeAll();
  }

  // The application master halts as kill -9 ends it, behind the first round's commit.
  @Test
  void theNextApplicationMasterGoesOnToTheSameBits() throws Exception {
    org.apache.hadoop.fs.Path run = new org.apache.hadoop.fs.Path(hdfs.getURI() + "/run");
    Path conf = folder.resolve("run.conf");
    Files.writeString(conf, ConfigLoader.render(config));
    submit(2, "pretrain", "--conf", "file://" + conf, "--out", run.toString());
    ApplicationReport report = newest();
    assertThat(report.getFinalApplicationStatus())
        .as(report.getDiagnostics())
        .isEqualTo(FinalApplicationStatus.SUCCEEDED);
    assertThat(report.getCurrentApplicationAttemptId().getAttemptId()).isEqualTo(2);
    FileSystem fs = run.getFileSystem(new Configuration());
    assertThat(States.vectors(fs, run))
        .isEqualTo(States.vectors(TestRuns.fs(), local("undisturbed")));
  }

  @Test
  void aFailureIsTheApplicationsDiagnostics() throws Exception {
    submit(1, "pretrain", "--out", hdfs.getURI() + "/bad", "--set", "mask.ratio=7");
    ApplicationReport report = newest();
    assertThat(report.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(report.getDiagnostics())
        .contains("mask.ratio must be in (0, 1) but was 7.0 (exit code 2)");
  }

  private static ApplicationReport newest() throws Exception {
    return client.getApplications().stream()
        .max(Comparator.comparing(ApplicationReport::getApplicationId))
        .orElseThrow();
  }

  /** Waits until the application has ended, well or not; one executor does both workers' work. */
  private static void submit(int attempts, String... command) throws Exception {
    String classes = System.getProperty("java.class.path");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-cp", folder + ":" + classes, SparkSubmit.class.getName()));
    line.addAll(List.of("--master", "yarn", "--deploy-mode", "cluster"));
    for (String setting :
        List.of(
            "spark.ui.enabled=false",
            "spark.yarn.maxAppAttempts=" + attempts,
            "spark.yarn.jars=local:" + folder.resolve("spark.jar"),
            "spark.driver.extraClassPath=" + classes,
            "spark.executor.extraClassPath=" + classes,
            "spark.driver.memory=512m",
            "spark.executor.memory=640m",
            "spark.executor.memoryOverhead=640m",
            "spark.executor.instances=1")) {
      line.addAll(List.of("--conf", setting));
    }
    // Containers do not inherit what chooses OpenBLAS's kernels here, and with them the last bits.
    System.getenv().entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("OPENBLAS_"))
        .forEach(variable -> line.addAll(List.of("--conf", "spark.executorEnv." + variable)));
    line.addAll(List.of("--class", LongMae.class.getName(), "spark-internal"));
    line.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("HADOOP_CONF_DIR", folder.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("submit.log").toFile());
    Process process = builder.start();
    assertThat(process.waitFor(240, TimeUnit.SECONDS)).as(() -> log()).isTrue();
  }

  private static String log() {
    try {
      return Files.readString(folder.resolve("submit.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static org.apache.hadoop.fs.Path local(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
