package org.longmae.model;

/**
 * What a worker's process takes beside state and step, in bytes. All of it was measured, with the
 * parallel collector on a machine of 24 GiB: processes of 3 M to 329 M parameters that only took
 * steps, and Spark in local mode training ViT-B.
 *
 * @param heap that the JVM touches, without pictures
 * @param process code, threads and libraries
 * @param batchesAhead decoded batches that wait for their step
 */
public record HostMemory(long heap, long process, int batchesAhead) {
  private static final long MIB = 1 << 20;

  /** A third of the heap is for new objects; garbage fills it before it is collected. */
  private static final int YOUNG_SHARE = 3;

  /** What the launcher lets new objects have at most: {@code -XX:MaxNewSize}. */
  private static final long YOUNG_LIMIT = 256 * MIB;

  /**
   * A process that opens a model and takes some steps, such as {@code bench step}: as long as the
   * collector leaves new objects the room that they have at the start.
   */
  public static HostMemory ofSteps(MaeSpec spec) {
    // The first generation's size at start, and a byte a parameter that drawing its value leaves.
    return new HostMemory(125 * MIB + ParameterLayout.of(spec).size(), 270 * MIB, 0);
  }

  /**
   * A process that trains for long, with Spark in it. States written and pictures decoded have the
   * collector let new objects fill all the room they may have, as the launcher bounds it.
   *
   * <p>Row groups that are given back are garbage until the old objects have filled their room: of
   * 64, 256 and 512 MB held, 2.1, 1.6 and 1.4 times as much was taken.
   *
   * @param heapLimit of the JVM
   * @param heldBytes of encoded pictures: a row group of each stream that the worker reads
   */
  public static HostMemory ofTraining(long heapLimit, long heldBytes, int batchesAhead) {
    long young = Math.min(heapLimit / YOUNG_SHARE, YOUNG_LIMIT);
    return new HostMemory(young + heldBytes * 3 / 2 + 165 * MIB, 330 * MIB, batchesAhead);
  }
}
