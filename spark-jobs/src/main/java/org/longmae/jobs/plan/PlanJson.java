package org.longmae.jobs.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.longmae.model.MemoryModel;

/** Plans for programs: bytes, operations, seconds and hours as plain numbers. */
public final class PlanJson {
  private PlanJson() {}

  /**
   * {@code {"workers", "memory_limit_bytes", "points": [{"sequence_length", …, "memory": {…}}]}};
   * money is null where no price was given, {@code finetune} where no point is fine-tuned.
   */
  public static Map<String, Object> of(
      List<PointPlan> plans, Optional<FinetunePlan> finetune, PlanSettings settings) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workers", settings.workers());
    json.put("memory_limit_bytes", settings.memoryBytes());
    json.put("points", plans.stream().map(PlanJson::point).toList());
    json.put("finetune", finetune.map(FinetunePlan::json).orElse(null));
    return json;
  }

  private static Map<String, Object> point(PointPlan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sequence_length", plan.spec().patches());
    json.put("visible_patches", plan.spec().keptPatches());
    json.put("patch_size", plan.spec().patchSize());
    json.put("rows", plan.spec().grid().rows());
    json.put("cols", plan.spec().grid().cols());
    json.put("parameters", plan.cost().parameters());
    json.put("paper_flops_per_image", plan.cost().stepFlops());
    json.put("flops_per_image", plan.flopsPerImage());
    json.put("feature_flops_per_image", plan.cost().featureFlops());
    json.put("images", plan.images());
    json.put("flops", plan.flops());
    json.put("batch", plan.fit().step().batch());
    json.put("micro_batch", plan.fit().step().part());
    json.put("recompute", plan.fit().step().recompute().name().toLowerCase(Locale.ROOT));
    json.put("fits", plan.fit().fits());
    json.put("change", plan.fit().change());
    json.put("configured_memory_bytes", plan.fit().configured().total());
    json.put("memory_bytes", plan.fit().memory().total());
    json.put("memory", memory(plan.fit().memory()));
    json.put("exchanged_bytes_per_round", plan.roundBytes());
    json.put("rounds", plan.rounds());
    json.put("exchanged_bytes", plan.exchangedBytes());
    json.put("gflops_per_worker", plan.rate().gflops());
    json.put("rate_source", plan.rate().source());
    json.put("images_per_second", plan.imagesPerSecond());
    json.put("hours", plan.hours());
    json.put("worker_hours", plan.workerHours());
    json.put("money", plan.money().isPresent() ? plan.money().getAsDouble() : null);
    return json;
  }

  private static Map<String, Object> memory(MemoryModel memory) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("weights", memory.weights());
    json.put("gradient", memory.gradient());
    json.put("moments", memory.moments());
    json.put("working_copies", memory.workingCopies());
    json.put("encoder", memory.encoder());
    json.put("decoder", memory.decoder());
    json.put("loss", memory.loss());
    json.put("attention", memory.attention());
    json.put("mlp", memory.mlp());
    json.put("heap", memory.heap());
    json.put("process", memory.process());
    return json;
  }
}
