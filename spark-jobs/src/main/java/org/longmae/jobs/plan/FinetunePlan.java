package org.longmae.jobs.plan;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.longmae.conf.RunConfig;
import org.longmae.model.CostModel;
import org.longmae.model.MaeSpec;

/**
 * What fine-tuning the points of a sweep takes, beside their pre-training.
 *
 * <pre>
 *   images       ⌊pictures / B⌋ · B · epochs, by the recipe of {@code finetune}
 *   an image     three forward passes of the encoder with nothing hidden, at the transfer length
 *   rate         that of the point's pre-training
 * </pre>
 *
 * @param points that are fine-tuned
 * @param fromScratch trainings from random weights beside them: one for points of one seed and
 *     transfer length
 * @param hours of all of them
 */
public record FinetunePlan(int points, int fromScratch, double hours) {
  /** Forward and backward cost about three forwards. */
  private static final int FORWARDS_A_STEP = 3;

  /**
   * The plan of a sweep's runs; empty if none of them is fine-tuned.
   *
   * @param plans of the same runs, in the same order
   * @param sets that they train on, in the same order
   */
  public static Optional<FinetunePlan> of(
      List<RunConfig> runs, List<PointPlan> plans, List<TrainingSet> sets) {
    Set<List<Object>> scratch = new HashSet<>();
    int points = 0;
    double hours = 0;
    for (int i = 0; i < runs.size(); i++) {
      RunConfig run = runs.get(i);
      if (!run.evaluate().finetune()) {
        continue;
      }
      double own = hours(run.finetuned(""), plans.get(i), sets.get(i).pictures());
      boolean first =
          scratch.add(
              List.of(
                  run.seed(),
                  run.transferImage(),
                  run.transferPatchSize(),
                  run.model().encoder(),
                  run.finetune(),
                  run.data().shards()));
      hours += first ? 2 * own : own;
      points++;
    }
    return points == 0
        ? Optional.empty()
        : Optional.of(new FinetunePlan(points, scratch.size(), hours));
  }

  private static double hours(RunConfig tuned, PointPlan plan, long pictures) {
    long batch = tuned.train().batch();
    double images = (double) (pictures / batch * batch) * tuned.train().epochs();
    double flops = FORWARDS_A_STEP * CostModel.of(MaeSpec.of(tuned)).featureFlops() * images;
    return flops / (plan.workers() * plan.rate().gflops() * 1e9) / 3600;
  }

  /** For a terminal. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "fine-tuning of %d points and %d from scratch: %s hours more",
        points,
        fromScratch,
        PlanTable.plain(hours));
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("points", points);
    json.put("from_scratch", fromScratch);
    json.put("hours", hours);
    return json;
  }
}
