package org.longmae.jobs.plan;

import org.longmae.conf.RunConfig;
import org.longmae.jobs.run.StatePart;
import org.longmae.model.HostMemory;
import org.longmae.model.MemoryModel;
import org.longmae.model.StepShape;

/**
 * What an executor of a run needs, in bytes, and the settings that give it to it.
 *
 * <pre>
 *   heap       Spark's reserve, new objects, pictures, parts that are averaged  spark.executor.memory
 *   native     state and step: not on the heap, freed without its collector   } spark.executor
 *   process    the JVM's code and threads, the libraries                      }   .memoryOverhead
 * </pre>
 *
 * <p>Spark's own default for the overhead, a tenth of the heap, is far too little here: a resource
 * manager would kill the executor. Sums of {@link MemoryModel}, for an executor that trains one
 * worker at a time.
 *
 * @param pictures on the heap, and what the JVM and Spark have there while a run trains
 * @param averaged parts of the workers' states that are averaged at a time
 * @param state weights, gradient, moments
 * @param step everything else that forward, backward and the optimiser hold
 * @param process code, threads, libraries
 */
public record ExecutorMemory(long pictures, long averaged, long state, long step, long process) {
  private static final long MIB = 1 << 20;

  /** {@code spark.testing.reservedMemory} aside, a constant of Spark's. */
  private static final long RESERVE = 300 * MIB;

  /** Beside what the workers sent: mean, parameters before the round, momentum. */
  private static final int OWN_PARTS = 3;

  private static final long ROUNDED_TO = 128;

  /**
   * Of a run as it is configured.
   *
   * @param cores of the executor, each of which averages a part at a time
   */
  public static ExecutorMemory of(RunConfig run, TrainingSet set, int cores) {
    int workers = Math.max(1, run.train().workers());
    long held = set.groupBytes() * run.data().streams() / workers;
    HostMemory host = HostMemory.ofExecutor(held, run.data().prefetch());
    MemoryModel memory = MemoryModel.of(run, StepShape.of(run), host);
    long state = memory.weights() + memory.gradient() + memory.moments() + memory.workingCopies();
    long averaged = workers == 1 ? 0 : (long) (workers + OWN_PARTS) * cores * StatePart.MOST_BYTES;
    return new ExecutorMemory(
        memory.heap(), averaged, state, memory.nativeBytes() - state, memory.process());
  }

  /** {@code spark.executor.memory}, in MiB. */
  public long heapMib() {
    return rounded(RESERVE + pictures + averaged);
  }

  /** {@code spark.executor.memoryOverhead}, in MiB. */
  public long overheadMib() {
    return rounded(state + step + process);
  }

  /** Both, in bytes: what a resource manager is asked for. */
  public long total() {
    return (heapMib() + overheadMib()) * MIB;
  }

  private static long rounded(long bytes) {
    long unit = ROUNDED_TO * MIB;
    return (bytes + unit - 1) / unit * ROUNDED_TO;
  }
}
