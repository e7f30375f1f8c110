package org.longmae.jobs.platform;

/**
 * Has MLlib multiply in Java.
 *
 * <p>It would take the system's {@code libblas.so.3}. Where that is OpenBLAS, its functions and
 * those of the OpenBLAS that comes with ND4J and PyTorch call each other, and the JVM crashes in
 * {@code dgemm}. Whoever names a library by {@code dev.ludovic.netlib.blas.nativeLibPath} gets it.
 */
public final class MllibBlas {
  private static final String LIBRARY = "dev.ludovic.netlib.blas.nativeLib";
  private static final String NO_LIBRARY = "none";

  /** For a JVM's command line. */
  static final String IN_JAVA = "-D" + LIBRARY + "=" + NO_LIBRARY;

  private MllibBlas() {}

  /** For this JVM, unless its command line says something else. */
  public static void inJava() {
    System.getProperties().putIfAbsent(LIBRARY, NO_LIBRARY);
  }
}
