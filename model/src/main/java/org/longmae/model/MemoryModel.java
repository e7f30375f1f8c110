package org.longmae.model;

import org.longmae.conf.RunConfig;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.ops.Precision;

/**
 * The memory that one worker's process needs for training steps, in bytes, on the ATen backend and
 * a CPU.
 *
 * <pre>
 *   state      16 bytes a parameter: weights, gradient, two moments, in 32 bits
 *              + 4 in bf16: the working copies of weights and gradient
 *   step       every buffer of forward, backward and AdamW: {@link StepBuffers}
 *   heap       pictures ahead of the step and in it; garbage that the collector leaves lying
 *   process    the JVM, the libraries, their threads
 * </pre>
 *
 * <p>State and step are exact. Heap and process are what processes of 3 M to 329 M parameters had
 * beside them, under the parallel collector on a machine of 24 GiB; the sum was within 10 % of the
 * largest resident memory of all of them: docs/benchmarks.md.
 *
 * @param weights parameters in 32 bits
 * @param gradient in 32 bits; and the sum over the parts of a batch, where it is split
 * @param moments AdamW's two, and its scratch
 * @param workingCopies of weights and gradient in the compute type, where it is another
 * @param encoder activations kept for backward, and moves of rows
 * @param decoder the same
 * @param loss prediction, target, error and its gradient
 * @param attention scratch of attention, forward and backward
 * @param mlp scratch of the MLP's backward
 * @param heap of the JVM
 * @param process fixed
 */
public record MemoryModel(
    long weights,
    long gradient,
    long moments,
    long workingCopies,
    long encoder,
    long decoder,
    long loss,
    long attention,
    long mlp,
    long heap,
    long process) {
  private static final int STATE_BYTES = 4;

  /** Resident beside heap and tensors: measured, 240 to 310 MiB. */
  private static final long PROCESS = 270L << 20;

  /** The young generation, which garbage fills before it is collected. */
  private static final long YOUNG = 125L << 20;

  /** Of heap that drawing a parameter's first value leaves behind: measured, 0.8 to 1.1. */
  private static final long DRAWN = 1;

  /**
   * The memory of a worker.
   *
   * @param precision fp32 or bf16, which runs are trained in
   * @param batchesAhead decoded batches that wait for their step
   */
  public static MemoryModel of(
      MaeSpec spec, StepShape step, Precision precision, int batchesAhead) {
    long parameters = ParameterLayout.of(spec).size();
    long state = STATE_BYTES * parameters;
    boolean oneType = precision != Precision.BF16;
    int computeBytes = oneType ? STATE_BYTES : 2;
    BufferCount buffers = StepBuffers.of(spec, step, precision);
    long batch = (long) step.batch() * spec.imageValues() * Float.BYTES;
    // The step's own copy is cut into visible patches and targets, and into parts before.
    int copies = step.isSplit() ? 3 : 2;
    return new MemoryModel(
        state,
        step.isSplit() ? 2 * state : state,
        2 * state + buffers.bytes(Use.OPTIMIZER),
        oneType ? 0 : 2 * computeBytes * parameters,
        buffers.bytes(Use.ENCODER) + table(spec, spec.encoder().width()) * computeBytes,
        buffers.bytes(Use.DECODER) + table(spec, spec.decoder().width()) * computeBytes,
        buffers.bytes(Use.LOSS),
        buffers.bytes(Use.ATTENTION),
        buffers.bytes(Use.MLP),
        YOUNG + DRAWN * parameters + (batchesAhead + copies) * batch,
        PROCESS);
  }

  /** The memory of a worker of a run, in the precision that is chosen on this machine. */
  public static MemoryModel of(RunConfig run, StepShape step) {
    Precision precision = Backends.precision(run.compute());
    return of(MaeSpec.of(run), step, precision, run.data().prefetch());
  }

  private static long table(MaeSpec spec, long width) {
    return (spec.patches() + 1) * width;
  }

  /** Bytes of state and step: all that the backend holds. */
  public long nativeBytes() {
    return weights
        + gradient
        + moments
        + workingCopies
        + encoder
        + decoder
        + loss
        + attention
        + mlp;
  }

  /** Bytes of all. */
  public long total() {
    return nativeBytes() + heap + process;
  }
}
