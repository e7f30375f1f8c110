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
   * collector let new objects fill all the room they may have.
   *
   * @param heapLimit of the JVM
   */
  public static HostMemory ofTraining(long heapLimit, int batchesAhead) {
    return new HostMemory(heapLimit / YOUNG_SHARE + 165 * MIB, 330 * MIB, batchesAhead);
  }
}
