package org.longmae.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;

class ExecutorMemoryTest {
  private static final long MIB = 1 << 20;

  private static RunConfig run(int workers) {
    return new ConfigLoader()
        .preset("vit-b")
        .set("train.workers=" + workers)
        .set("compute.precision=fp32")
        .run();
  }

  private static ExecutorMemory of(int workers, int cores) {
    return ExecutorMemory.of(run(workers), TrainingSet.of(1000), cores);
  }

  // Parameters, gradient and two moments, four bytes each; AdamW has no scratch of that size.
  @Test
  void theStateIsOutsideTheHeap() {
    long parameters = ParameterLayout.of(MaeSpec.of(run(2))).size();
    ExecutorMemory memory = of(2, 1);
    assertThat(memory.state()).isBetween(16 * parameters, 20 * parameters);
    assertThat(memory.overheadMib() * MIB)
        .isGreaterThanOrEqualTo(memory.state() + memory.step() + memory.process());
  }

  // Two workers' parts, the mean, the parameters before and the momentum, 16 MiB each.
  @Test
  void everyCoreAveragesAPartOfEveryWorker() {
    assertThat(of(1, 2).averaged()).isZero();
    assertThat(of(2, 1).averaged()).isEqualTo(5 * 16 * MIB);
    assertThat(of(4, 2).averaged()).isEqualTo(2 * 7 * 16 * MIB);
  }

  @Test
  void aHeapHoldsNoState() {
    ExecutorMemory memory = of(2, 1);
    assertThat(memory.heapMib() * MIB).isLessThan(memory.state());
    assertThat(memory.total()).isEqualTo((memory.heapMib() + memory.overheadMib()) * MIB);
    assertThat(memory.heapMib() % 128).isZero();
  }
}
