package org.longmae.conf;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Plain JUnit tests: rules as fields ({@code @ArchTest}) are passed over by Surefire without a
 * word.
 */
class ConfArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.longmae.conf");

  @Test
  void confKnowsOnlyTheJdkAndTypesafeConfig() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("org.longmae.conf..", "com.typesafe.config..", "java..")
        .check(CLASSES);
  }
}
