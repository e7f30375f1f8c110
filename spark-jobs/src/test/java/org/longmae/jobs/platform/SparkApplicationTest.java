package org.longmae.jobs.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.package$;
import org.junit.jupiter.api.Test;

class SparkApplicationTest {
  private static final String OURS =
      "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Ddev.ludovic.netlib.blas.nativeLib=none";

  private static SparkConf settings(SparkConf given) {
    return SparkApplication.settings(given, "test", "spark://host:7077");
  }

  /** What Spark starts executors with. */
  private static String options(SparkConf conf) {
    return conf.get(package$.MODULE$.EXECUTOR_JAVA_OPTIONS()).get();
  }

  @Test
  void executorsHaveNoLimitOfNativeMemoryAndNoForeignBlas() {
    assertThat(options(settings(new SparkConf(false)))).startsWith(OURS);
  }

  @Test
  void executorsCollectAsTheLauncherDoes() {
    assertThat(options(settings(new SparkConf(false))))
        .isEqualTo(OURS + " -XX:+UseParallelGC -XX:MaxNewSize=256m");
  }

  // A JVM that is told two collectors does not start; of other options it takes the last: a limit
  // that the user sets must stand behind ours.
  @Test
  void optionsOfTheUserAndTheClusterStay() {
    SparkConf given =
        new SparkConf(false)
            .set("spark.executor.defaultJavaOptions", "-XX:+UseG1GC")
            .set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=9g");
    assertThat(options(settings(given)))
        .isEqualTo(OURS + " -XX:+UseG1GC -Dorg.bytedeco.javacpp.maxPhysicalBytes=9g");
  }

  @Test
  void whatIsSetIsNotReplaced() {
    SparkConf given = new SparkConf(false).set("spark.executorEnv.GOMP_SPINCOUNT", "7");
    SparkConf conf = settings(given);
    assertThat(conf.get("spark.executorEnv.GOMP_SPINCOUNT")).isEqualTo("7");
    assertThat(conf.get("spark.executorEnv.OMP_WAIT_POLICY")).isEqualTo("ACTIVE");
    assertThat(conf.get("spark.executorEnv.OPENBLAS_THREAD_TIMEOUT")).isEqualTo("12");
    assertThat(conf.get("spark.executorEnv.CUBLAS_WORKSPACE_CONFIG")).isEqualTo(":4096:8");
    assertThat(conf.get("spark.master")).isEqualTo("spark://host:7077");
  }
}
