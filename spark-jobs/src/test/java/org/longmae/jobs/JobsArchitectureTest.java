package org.longmae.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Plain JUnit tests: rules as fields ({@code @ArchTest}) are passed over by Surefire without a
 * word.
 */
class JobsArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.longmae");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.longmae.jobs.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void commandsAreKnownToNobodyButTheMain() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.longmae.jobs.cli..", "org.longmae.jobs")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.longmae.jobs.cli..")
        .check(CLASSES);
  }

  @Test
  void theTrainingLoopKnowsNoSpark() {
    noClasses()
        .that()
        .haveSimpleName("LocalTrainer")
        .or()
        .haveSimpleName("BatchMasks")
        .or()
        .resideInAnyPackage("org.longmae.jobs.report..", "org.longmae.jobs.picture..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(CLASSES);
  }

  @Test
  void modulesKeepTheirArrows() {
    noClasses()
        .that()
        .resideInAnyPackage("org.longmae.conf..", "org.longmae.data..", "org.longmae.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.longmae.jobs..")
        .check(CLASSES);
  }

  @Test
  void dataAndModelDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("org.longmae.data..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.longmae.model..")
        .check(CLASSES);
  }

  @Test
  void userPathsGoThroughHadoop() {
    noClasses()
        .that()
        .doNotHaveSimpleName("AtenLibrary") // it finds the native library's files
        .and()
        .haveNameNotMatching(".*\\.LocalFiles.*") // Hadoop's way to local files
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void storedBytesAreNeverJavaDeserialised() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(CLASSES);
  }

  @Test
  void nothingDrawsAmbientRandomness() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }
}
