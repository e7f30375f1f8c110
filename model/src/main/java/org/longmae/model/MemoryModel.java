package org.longmae.model;

import org.longmae.conf.OptimConfig;
import org.longmae.conf.RunConfig;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.ops.Precision;

/**
 * The memory that one worker's process needs for training steps, in bytes, on the ATen backend and
 * a CPU.
 *
 * <pre>
 *   state      16 bytes a parameter: weights, gradient, two moments, in 32 bits;
 *              in bf16 also 16: the gradient has 2, and so has the working copy of the weights
 *   step       every buffer of forward, backward and AdamW: {@link StepBuffers}
 *   heap       pictures ahead of the step and in it; what the JVM has beside
 *   process    the JVM's code, the libraries, their threads and scratch; ends of huge pages
 * </pre>
 *
 * <p>State and step are exact, heap and process what was measured: {@link HostMemory}. The sum
 * beside the resident memory of processes that took steps: {@code bench step}, docs/benchmarks.md.
 *
 * @param weights parameters in 32 bits; and their moving average, where one is kept
 * @param gradient in the compute type; and the sum over the parts of a batch in 32 bits, where it
 *     is split
 * @param moments AdamW's two, and its scratch
 * @param workingCopies of the weights in the compute type, where it is another
 * @param encoder activations kept for backward, and moves of rows
 * @param decoder the same
 * @param loss prediction, target, error and its gradient
 * @param attention scratch of attention, forward and backward
 * @param mlp scratch of the MLP's backward
 * @param heap of the JVM
 * @param process code, threads, libraries; scratch of linear maps: the largest weight, packed, and
 *     its gradient in 32 bits; and what buffers leave of their last huge page, of which smaller
 *     ones take about half
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

  /**
   * The memory of a worker.
   *
   * @param precision fp32 or bf16; runs are trained in no other
   */
  public static MemoryModel of(
      MaeSpec spec, StepShape step, OptimConfig optim, Precision precision, HostMemory host) {
    ParameterLayout layout = ParameterLayout.of(spec);
    long parameters = layout.size();
    long state = STATE_BYTES * parameters;
    boolean oneType = precision != Precision.BF16;
    int computeBytes = oneType ? STATE_BYTES : 2;
    long norms = STATE_BYTES * (parameters - layout.linearSize());
    long gradient = computeBytes * layout.linearSize() + norms;
    BufferCount buffers = StepBuffers.of(spec, step, optim, precision);
    long batch = (long) step.batch() * spec.imageValues() * Float.BYTES;
    // The step's own copy is cut into visible patches and targets, and into parts before.
    int copies = step.isSplit() ? 3 : 2;
    int scratchBytes = oneType ? STATE_BYTES : STATE_BYTES + computeBytes;
    // Batches wait as bytes; of the next one there are floats too.
    long waiting = host.batchesAhead() == 0 ? 0 : host.batchesAhead() * batch / Float.BYTES + batch;
    return new MemoryModel(
        optim.emaDecay() > 0 ? 2 * state : state,
        step.isSplit() ? gradient + state : gradient,
        2 * state + buffers.bytes(Use.OPTIMIZER),
        oneType ? 0 : computeBytes * parameters,
        buffers.bytes(Use.ENCODER) + table(spec.grid(), spec.encoder().width()) * computeBytes,
        buffers.bytes(Use.DECODER)
            + table(spec.decoderGrid(), spec.decoder().width()) * computeBytes,
        buffers.bytes(Use.LOSS),
        buffers.bytes(Use.ATTENTION),
        buffers.bytes(Use.MLP),
        host.heap() + waiting + (copies + host.batchesBehind()) * batch,
        host.process() + scratchBytes * largest(layout) + buffers.pageEnds() / 2);
  }

  /** The memory of a worker of a run, in the precision that is chosen on this machine. */
  public static MemoryModel of(RunConfig run, StepShape step, HostMemory host) {
    return of(MaeSpec.of(run), step, run.optim(), Backends.precision(run.compute()), host);
  }

  private static long largest(ParameterLayout layout) {
    return layout.entries().stream().mapToLong(ParameterLayout.Entry::length).max().orElseThrow();
  }

  private static long table(Grid grid, long width) {
    return (grid.patches() + 1) * width;
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
