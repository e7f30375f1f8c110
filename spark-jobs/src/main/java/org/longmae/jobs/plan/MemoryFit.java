package org.longmae.jobs.plan;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.HostMemory;
import org.longmae.model.MemoryModel;
import org.longmae.model.StepShape;

/**
 * How a run's step fits into a worker's memory.
 *
 * @param configured the memory of the step as it is configured
 * @param step the configured one if it fits, otherwise the one least changed that does; the
 *     smallest that there is if none does
 * @param memory of that step
 * @param fits whether it fits
 * @param change the settings that make the configured step this one, such as {@code
 *     train.recompute=block}; empty if it is the same
 */
public record MemoryFit(
    MemoryModel configured, StepShape step, MemoryModel memory, boolean fits, String change) {
  /** A JVM's heap is at most a quarter of the memory there is, if it is not told otherwise. */
  private static final int HEAP_SHARE = 4;

  /**
   * Finds it for a worker that trains the run, in a JVM with the heap that it takes by itself.
   *
   * @param limit bytes that the worker has
   */
  public static MemoryFit of(RunConfig run, TrainingSet pictures, long limit) {
    int workers = Math.max(1, run.train().workers());
    long held = pictures.groupBytes() * run.data().streams() / workers;
    HostMemory host = HostMemory.ofTraining(limit / HEAP_SHARE, held, run.data().prefetch());
    return of(StepShape.of(run), workers, step -> MemoryModel.of(run, step, host), limit);
  }

  /**
   * Tries changes in the order of what they cost: more is computed once more, which changes no
   * result; the batch is split, into as few parts as do; last, it is made smaller, which is another
   * training.
   *
   * @param step of each of {@code workers}
   */
  static MemoryFit of(
      StepShape step, int workers, Function<StepShape, MemoryModel> memory, long limit) {
    Predicate<StepShape> fits = candidate -> memory.apply(candidate).total() <= limit;
    StepShape found =
        Stream.concat(Stream.of(step), Stream.concat(recomputing(step), split(step)))
            .filter(fits)
            .findFirst()
            .orElseGet(() -> largestBatch(step.batch(), fits));
    MemoryModel needed = memory.apply(found);
    return new MemoryFit(
        memory.apply(step), found, needed, needed.total() <= limit, change(step, found, workers));
  }

  private static Stream<StepShape> recomputing(StepShape step) {
    return Stream.of(Recompute.values())
        .filter(recompute -> recompute.compareTo(step.recompute()) > 0)
        .map(step::with);
  }

  private static Stream<StepShape> split(StepShape step) {
    int parts = (step.batch() + step.part() - 1) / step.part();
    return IntStream.rangeClosed(parts + 1, step.batch())
        .map(more -> (step.batch() + more - 1) / more)
        .distinct()
        .mapToObj(step.with(Recompute.BLOCK)::inPartsOf);
  }

  /** The largest batch that fits without sums of gradients over parts; 1 if none does. */
  private static StepShape largestBatch(int most, Predicate<StepShape> fits) {
    int good = 1;
    int bad = most;
    while (bad - good > 1) {
      int middle = (good + bad) / 2;
      if (fits.test(whole(middle))) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return whole(good);
  }

  private static StepShape whole(int batch) {
    return new StepShape(batch, 0, Recompute.BLOCK);
  }

  private static String change(StepShape from, StepShape to, int workers) {
    StringBuilder change = new StringBuilder();
    if (to.recompute() != from.recompute()) {
      change.append(" train.recompute=").append(to.recompute().name().toLowerCase(Locale.ROOT));
    }
    if (to.batch() != from.batch()) {
      change.append(" train.batch=").append(to.batch() * workers);
    }
    if (to.microBatch() != from.microBatch()) {
      change.append(" train.micro-batch=").append(to.microBatch());
    }
    return change.toString().trim();
  }
}
