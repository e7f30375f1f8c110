package org.longmae.model;

/**
 * What a worker's process takes beside state and step, in bytes. All of it was measured, with the
 * parallel collector on a machine of 24 GiB: processes of 3 M to 329 M parameters that only took
 * steps, and {@code pretrain} in local mode, models of 3 M to 112 M parameters.
 *
 * @param heap that the JVM touches, without batches
 * @param process code, threads and libraries
 * @param batchesAhead decoded batches that wait for their step
 * @param batchesBehind batches that have had their step and are not collected yet
 */
public record HostMemory(long heap, long process, int batchesAhead, int batchesBehind) {
  private static final long MIB = 1 << 20;

  /** A third of the heap is for new objects at most, where garbage waits to be collected. */
  private static final int YOUNG_SHARE = 3;

  /** What the launcher lets new objects have at most: {@code -XX:MaxNewSize}. */
  private static final long YOUNG_LIMIT = 256 * MIB;

  /** What of it a process with Spark has touched after some hundred steps. */
  private static final long YOUNG_TOUCHED = 170 * MIB;

  /** What lives for long: Spark, classes, settings. */
  private static final long OLD = 55 * MIB;

  private static final long PROCESS = 380 * MIB;
  private static final int BATCHES_BEHIND = 9;

  /**
   * A process that opens a model and takes some steps, such as {@code bench step}: as long as the
   * collector leaves new objects the room that they have at the start.
   */
  public static HostMemory ofSteps(MaeSpec spec) {
    // The first generation's size at start, and a byte a parameter that drawing its value leaves.
    return new HostMemory(125 * MIB + ParameterLayout.of(spec).size(), 270 * MIB, 0, 0);
  }

  /**
   * A process that trains for long, with Spark in it.
   *
   * <p>Row groups that are given back are garbage until the old objects have filled their room: of
   * 57, 227 and 454 MB held, 2.6, 1.8 and 1.5 times as much was taken. Batches of some megabytes
   * are among the old objects as well, about nine of them.
   *
   * @param heapLimit of the JVM
   * @param heldBytes of encoded pictures: a row group of each stream that the worker reads
   */
  public static HostMemory ofTraining(long heapLimit, long heldBytes, int batchesAhead) {
    long young = Math.min(heapLimit / YOUNG_SHARE, YOUNG_TOUCHED);
    long groups = heldBytes * 3 / 2 + Math.min(heldBytes, 64 * MIB);
    return new HostMemory(young + OLD + groups, PROCESS, batchesAhead, BATCHES_BEHIND);
  }

  /**
   * The same, with all the room that new objects may have: what an executor is given, so that
   * collections stay rare.
   */
  public static HostMemory ofExecutor(long heldBytes, int batchesAhead) {
    return new HostMemory(YOUNG_LIMIT + heldBytes * 3 / 2 + 3 * OLD, PROCESS, batchesAhead, 0);
  }
}
