package org.longmae.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The module's bans. Plain JUnit tests: rules as fields ({@code @ArchTest}) are passed over by
 * Surefire without a word, so that a broken rule would pass.
 */
class DataArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.longmae.data");

  /** An import that finds nothing would keep every rule. */
  @Test
  void rulesSeeTheModule() {
    assertThat(CLASSES.contain("org.longmae.data.load.TrainingLoader")).isTrue();
    assertThat(CLASSES.contain("org.longmae.data.TestPictures")).isFalse();
  }

  @Test
  void knowsNoSparkAndNoTensorLibrary() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..",
            "scala..",
            "org.nd4j..",
            "org.deeplearning4j..",
            "org.bytedeco.pytorch..")
        .check(CLASSES);
  }

  @Test
  void knowsNoOtherModuleButConf() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.longmae.model..", "org.longmae.jobs..")
        .check(CLASSES);
  }

  /** A user's path may be on HDFS or in an object store. */
  @Test
  void touchesFilesThroughHadoopAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void drawsNoAmbientRandomness() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.security.SecureRandom")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  /** Stored bytes come from anywhere; deserialising them would run what they say. */
  @Test
  void deserialisesNoJavaObjects() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.longmae.data.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void openCvStaysInTheImagePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.longmae.data.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void parquetStaysInTheShardPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.longmae.data.shard..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.parquet..")
        .check(CLASSES);
  }
}
