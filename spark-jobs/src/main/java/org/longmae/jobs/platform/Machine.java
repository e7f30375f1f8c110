package org.longmae.jobs.platform;

/** The machine that this JVM runs on, in words. */
public final class Machine {
  private Machine() {}

  /** Cores, system, Java. */
  public static String description() {
    return String.format(
        "%d cores, %s %s, Java %s",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System.getProperty("java.version"));
  }
}
