package org.longmae.jobs.train;

import org.apache.spark.TaskContext;
import org.longmae.conf.Fault;
import org.longmae.conf.RunConfig;

/** Fails where a run was told to: see {@link Fault}. */
final class Faults {
  /** What {@code kill -9} leaves as exit code. */
  private static final int KILLED = 137;

  private Faults() {}

  /** A failure that was asked for. */
  static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Injected(String message) {
      super(message);
    }
  }

  /** The driver comes to a point. */
  static void driverAt(RunConfig config, Fault.Point point, int round) {
    config
        .faultAsked()
        .filter(fault -> fault.point() == point && fault.round() == round)
        .ifPresent(Faults::strike);
  }

  /** A task comes to a point; only the first attempt at a stage's first task fails. */
  static void taskAt(RunConfig config, Fault.Point point, int round) {
    TaskContext task = TaskContext.get();
    boolean first =
        task.partitionId() == 0 && task.attemptNumber() == 0 && task.stageAttemptNumber() == 0;
    if (first) {
      driverAt(config, point, round);
    }
  }

  private static void strike(Fault fault) {
    if (fault.halts()) {
      Runtime.getRuntime().halt(KILLED);
    }
    throw new Injected("failed as asked, at " + fault);
  }
}
