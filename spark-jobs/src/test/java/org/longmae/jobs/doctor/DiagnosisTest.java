package org.longmae.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.longmae.jobs.plan.ExecutorMemory;

class DiagnosisTest {
  private static final long MIB = 1 << 20;
  private static final long TASK = 7;
  private static final long END = 1_000_000;
  private static final String BUILD = "1.0 (aaaa)";

  /** An executor that needs 1024 MiB of heap and 2048 beside it. */
  private static final ExecutorMemory MEMORY =
      new ExecutorMemory(724 * MIB, 0, 1024 * MIB, 512 * MIB, 512 * MIB);

  private static SparkConf yarn() {
    return new SparkConf(false)
        .set("spark.master", "yarn")
        .set("spark.executor.memory", "1g")
        .set("spark.executor.memoryOverhead", "2g");
  }

  private record Executor(String name, String host) {
    ExecutorHealth with(String build, long clock, String obstacle, String codec, String folder) {
      return health(build, clock, "aten/cpu/bf16", obstacle, codec, folder, List.of());
    }

    ExecutorHealth computing(String compute, List<String> gpus) {
      return health(BUILD, END, compute, "", "", "", gpus);
    }

    private ExecutorHealth health(
        String build,
        long clock,
        String compute,
        String obstacle,
        String codec,
        String folder,
        List<String> gpus) {
      return new ExecutorHealth(
          name,
          host,
          "17",
          build,
          TASK,
          clock,
          compute,
          obstacle,
          500,
          codec,
          folder,
          1024 * MIB,
          8192 * MIB,
          4096 * MIB,
          gpus,
          List.of());
    }
  }

  private static final ExecutorHealth GOOD =
      new Executor("1", "node1").with(BUILD, END - 1, "", "", "");
  private static final Executor OTHER = new Executor("2", "node2");

  private static ClusterTrial trial(ExecutorHealth... healths) {
    return new ClusterTrial(
        BUILD, Map.of(TASK, END), healths.length, List.of(healths), Map.of(), "");
  }

  private static List<Finding> of(ClusterTrial trial, SparkConf conf) {
    return Diagnosis.of(trial, conf, MEMORY, "hdfs://n/run");
  }

  private static Finding only(ClusterTrial trial) {
    List<Finding> findings = of(trial, yarn());
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  @Test
  void aHealthyClusterHasNoFindings() {
    assertThat(of(trial(GOOD, OTHER.with(BUILD, END + 5000, "", "", "")), yarn())).isEmpty();
  }

  @Test
  void anotherBuildIsNamed() {
    Finding finding = only(trial(GOOD, OTHER.with("0.9 (bbbb)", END, "", "", "")));
    assertThat(finding.where()).isEqualTo("executor 2 at node2");
    assertThat(finding.what()).contains(BUILD, "0.9 (bbbb)");
    assertThat(finding.remedy()).contains("spark.jars");
  }

  // An executor whose code cannot even take the question.
  @Test
  void codeThatDoesNotFitIsAnotherBuild() {
    ClusterTrial trial =
        new ClusterTrial(
            BUILD,
            Map.of(TASK, END),
            2,
            List.of(GOOD),
            Map.of("executor 2 at node2", "java.io.InvalidClassException: local class"),
            "");
    assertThat(only(trial).what()).contains("another version", "InvalidClassException");
  }

  @Test
  void missingNativesAreNamed() {
    assertThat(only(trial(OTHER.with(BUILD, END, "no libtorch.so", "", ""))))
        .extracting(Finding::what)
        .asString()
        .contains("ATen must load", "no libtorch.so", "falls back to aten/cpu/bf16");
    assertThat(only(trial(OTHER.with(BUILD, END, "", "no libopencv.so", ""))))
        .extracting(Finding::what)
        .asString()
        .contains("pictures must decode", "no libopencv.so");
  }

  @Test
  void aGpuThatIsNotUsedIsNamed() {
    assertThat(only(trial(OTHER.computing("aten/cpu/bf16", List.of("3")))).remedy())
        .contains("aten-cuda");
    assertThat(of(trial(OTHER.computing("aten/cuda:3/bf16", List.of("3"))), yarn())).isEmpty();
  }

  @Test
  void clocksOffAreNamed() {
    assertThat(only(trial(OTHER.with(BUILD, END + 61_000, "", "", ""))).what())
        .contains("is 61 s ahead");
    assertThat(only(trial(OTHER.with(BUILD, END - 60_000, "", "", ""))).what())
        .contains("is 60 s behind");
  }

  @Test
  void foldersThatCannotBeUsedAreNamed() {
    assertThat(only(trial(OTHER.with(BUILD, END, "", "", "cannot write there: no"))).what())
        .contains("[hdfs://n/run] cannot write there: no");
    ClusterTrial trial =
        new ClusterTrial(BUILD, Map.of(TASK, END), 1, List.of(GOOD), Map.of(), "[x] no");
    assertThat(only(trial).where()).isEqualTo("the driver");
  }

  @Test
  void machinesThatComputeOtherwiseAreNamed() {
    assertThat(only(trial(GOOD, OTHER.computing("aten/cpu/fp32", List.of()))).what())
        .contains("aten/cpu/bf16; aten/cpu/fp32");
  }

  @Test
  void memoryThatIsTooSmallIsNamed() {
    SparkConf conf = yarn().set("spark.executor.memory", "1000m");
    assertThat(of(trial(GOOD), conf))
        .extracting(Finding::what)
        .containsExactly("spark.executor.memory must be at least 1024m but is 1000m");
    conf = yarn().remove("spark.executor.memoryOverhead");
    assertThat(of(trial(GOOD), conf))
        .extracting(Finding::what)
        .containsExactly("spark.executor.memoryOverhead must be at least 2048m but is 384m");
    // A standalone cluster does not look at it.
    assertThat(of(trial(GOOD), conf.set("spark.master", "spark://host:7077"))).isEmpty();
    assertThat(
            of(trial(GOOD, new Executor("2", "node1").with(BUILD, END, "", "", "")), yarn()).size())
        .isZero();
    ExecutorHealth[] crowd = {GOOD, GOOD, GOOD};
    assertThat(only(trial(crowd)).what()).contains("3 executors of 3,072 MiB");
  }

  @Test
  void executorsThatDoNotComeAreMissed() {
    SparkConf conf = yarn().set("spark.executor.instances", "4");
    assertThat(of(trial(GOOD), conf))
        .extracting(Finding::what)
        .containsExactly("all executors must answer but 1 of 4 did");
  }
}
