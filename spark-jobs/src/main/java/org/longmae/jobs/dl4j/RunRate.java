package org.longmae.jobs.dl4j;

import org.longmae.conf.ConfigLoader;
import org.longmae.model.LearningRateSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** A run's learning rate as a schedule of DL4J's. A bean, as DL4J sends schedules as JSON. */
public final class RunRate implements ISchedule {
  private static final long serialVersionUID = 1L;

  private String run;
  private int stepsPerEpoch;
  private transient LearningRateSchedule schedule;

  /** For JSON. */
  public RunRate() {}

  RunRate(String run, int stepsPerEpoch) {
    this.run = run;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /** The run's configuration, as text. */
  public String getRun() {
    return run;
  }

  /** For JSON. */
  public void setRun(String run) {
    this.run = run;
  }

  /** Steps of an epoch. */
  public int getStepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** For JSON. */
  public void setStepsPerEpoch(int stepsPerEpoch) {
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /** DL4J's epochs are calls of fit, which are rounds here: only the iteration counts. */
  @Override
  public double valueAt(int iteration, int epoch) {
    if (schedule == null) {
      schedule = LearningRateSchedule.of(new ConfigLoader().text(run, "run").run());
    }
    return schedule.rate((double) iteration / stepsPerEpoch);
  }

  @Override
  public ISchedule clone() {
    return new RunRate(run, stepsPerEpoch);
  }
}
