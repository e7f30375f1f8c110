package org.longmae.jobs.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.conf.SweepConfig;
import org.longmae.model.CostModel;
import org.longmae.model.MaeSpec;

/**
 * One run of a sweep.
 *
 * @param name unique in the sweep; its folder's name
 */
public record SweepPoint(String name, RunConfig config) {
  /** Of no weight for what is trained: a point is not named by whether it is fine-tuned too. */
  private static final String FINETUNE = "evaluate.finetune";

  /**
   * The points of a sweep, each with the epochs that its budget gives it.
   *
   * @throws ConfigException if a budget leaves a point less than one epoch
   */
  public static List<SweepPoint> of(SweepConfig sweep) {
    return switch (sweep.budget()) {
      case EPOCHS -> named(sweep.points());
      case FLOPS -> named(ofEqualArithmetic(sweep.points()));
    };
  }

  private static List<RunConfig> ofEqualArithmetic(List<RunConfig> configs) {
    List<RunConfig> equal = new ArrayList<>();
    for (RunConfig config : configs) {
      RunConfig first = configs.get(0);
      double epochs = first.train().epochs() * flops(first) / flops(config);
      if (epochs < 1) {
        throw new ConfigException(
            "sweep.budget",
            String.format(
                "sweep.budget = flops must leave every point an epoch but leaves L = %d %.2f of the"
                    + " first point's %d; raise train.epochs",
                config.sequenceLength(), epochs, first.train().epochs()));
      }
      equal.add(config.withEpochs((int) Math.round(epochs)));
    }
    return equal;
  }

  /** Operations of training on a picture, as papers count them. */
  private static double flops(RunConfig config) {
    return CostModel.of(MaeSpec.of(config)).stepFlops();
  }

  /**
   * Names runs by length, picture, patch and mask unit; those that have these in common, by the
   * other keys that differ among them as well; those that are equal are numbered.
   */
  public static List<SweepPoint> named(List<RunConfig> configs) {
    Map<String, List<RunConfig>> alike =
        configs.stream().collect(Collectors.groupingBy(SweepPoint::shape));
    Map<String, Function<RunConfig, String>> suffixes = new HashMap<>();
    alike.forEach((shape, group) -> suffixes.put(shape, suffix(group)));
    Map<String, Integer> seen = new HashMap<>();
    List<SweepPoint> points = new ArrayList<>();
    for (RunConfig config : configs) {
      String name = shape(config) + suffixes.get(shape(config)).apply(config);
      int number = seen.merge(name, 1, Integer::sum);
      points.add(new SweepPoint(number == 1 ? name : name + "-" + number, config));
    }
    return List.copyOf(points);
  }

  private static String shape(RunConfig config) {
    return String.format(
        "L%d-I%s-p%d-m%d",
        config.sequenceLength(),
        config.image().size(),
        config.model().patchSize(),
        config.mask().unit());
  }

  /** Of the keys that differ in a group, each run's values: {@code -seed1}. */
  private static Function<RunConfig, String> suffix(List<RunConfig> group) {
    List<Map<String, String>> values = group.stream().map(ConfigLoader::values).toList();
    List<String> differing =
        values.get(0).keySet().stream()
            .filter(key -> !key.equals(FINETUNE))
            .filter(key -> values.stream().map(one -> one.get(key)).distinct().count() > 1)
            .toList();
    return config -> {
      Map<String, String> own = ConfigLoader.values(config);
      return differing.stream()
          .map(key -> "-" + last(key, "\\.") + last(own.get(key), "/"))
          .collect(Collectors.joining())
          .replaceAll("[^A-Za-z0-9.-]", "_");
    };
  }

  private static String last(String text, String separator) {
    String[] parts = text.split(separator);
    return parts.length == 0 ? "" : parts[parts.length - 1];
  }
}
