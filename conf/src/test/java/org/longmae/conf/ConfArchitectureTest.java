package org.longmae.conf;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.longmae.conf", importOptions = DoNotIncludeTests.class)
class ConfArchitectureTest {
  @ArchTest
  static final ArchRule confKnowsOnlyTheJdkAndTypesafeConfig =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.longmae.conf..", "com.typesafe.config..", "java..");
}
