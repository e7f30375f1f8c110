package org.longmae.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * What the module may know. Rules are checked from plain test methods: those declared as fields for
 * ArchUnit's own engine are run by Surefire, but their failures are not reported.
 */
class ModelArchitectureTest {
  private static final JavaClasses MODEL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.longmae.model");

  @Test
  void modelKnowsNoSpark() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(MODEL);
  }

  @Test
  void modelKnowsNoFiles() {
    noClasses()
        .that()
        .doNotHaveSimpleName("AtenLibrary") // it finds the native library's files
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)")
        .check(MODEL);
  }

  @Test
  void modelReadsNoClock() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class, Instant.class)
        .check(MODEL);
  }

  @Test
  void nothingDrawsAmbientRandomness() {
    noClasses()
        .should()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j.linalg.api.rng..")
        .check(MODEL);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.longmae.(**)").should().beFreeOfCycles().check(MODEL);
  }

  @Test
  void layersKnowNoBackend() {
    noClasses()
        .that()
        .resideInAPackage("..model.layer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
        .check(MODEL);
  }

  @Test
  void aBrokenRuleIsReported() {
    assertThatThrownBy(
            () ->
                noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.bytedeco..")
                    .check(MODEL))
        .hasMessageContaining("AtenOps");
  }
}
