package org.longmae.jobs.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.ml.linalg.BLAS$;
import org.junit.jupiter.api.Test;

class MllibBlasTest {
  // The system's OpenBLAS and ours in one process: a probe ended in SIGSEGV. Shows something where
  // the system has a libblas.so.3.
  @Test
  void mllibTakesNoLibraryOfTheSystem() {
    MllibBlas.inJava();
    assertThat(BLAS$.MODULE$.nativeBLAS().getClass().getSimpleName()).isNotEqualTo("JNIBLAS");
  }
}
