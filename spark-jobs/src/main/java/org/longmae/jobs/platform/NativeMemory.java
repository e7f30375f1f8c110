package org.longmae.jobs.platform;

/**
 * How much memory JavaCPP lets a process have. By default four times the Java heap: beyond it every
 * new native object first runs the garbage collector for a second, then is refused. Weights and
 * activations are native and freed by their scopes, so that a large model needs no large heap; what
 * the process may have is for the machine or the container to say.
 */
public final class NativeMemory {
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final String NONE = "0";

  /** Lifts the limit of a JVM that is started with it. */
  static final String UNLIMITED = "-D" + LIMIT + "=" + NONE;

  private NativeMemory() {}

  /** Lifts the limit of this JVM, unless it was given one; JavaCPP reads it at its first use. */
  public static void liftLimit() {
    System.getProperties().putIfAbsent(LIMIT, NONE);
  }
}
