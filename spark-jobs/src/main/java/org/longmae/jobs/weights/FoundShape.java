package org.longmae.jobs.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.model.ParameterLayout;

/**
 * The shape of the model in a file, as far as its tensors tell: numbers of heads they do not.
 *
 * @param settings by configuration key
 */
record FoundShape(Map<String, Long> settings) {
  /** What the configuration must be like. */
  static FoundShape of(TensorFile file, Naming naming, ParameterLayout layout, boolean decoder) {
    Map<String, Long> settings = new LinkedHashMap<>();
    side(file, naming, layout, "cls_token", 2)
        .ifPresent(width -> settings.put("model.encoder.width", width));
    settings.put("model.encoder.depth", depth(file, naming, ""));
    side(file, naming, layout, ParameterLayout.PATCH_KERNEL, 1)
        .ifPresent(channels -> settings.put("image.channels", channels));
    if (decoder) {
      side(file, naming, layout, ParameterLayout.PATCH_KERNEL, 2)
          .ifPresent(side -> settings.put("model.patch-size", side));
      side(file, naming, layout, "mask_token", 2)
          .ifPresent(width -> settings.put("model.decoder.width", width));
      settings.put("model.decoder.depth", depth(file, naming, "decoder_"));
    }
    return new FoundShape(settings);
  }

  private static Optional<Long> side(
      TensorFile file, Naming naming, ParameterLayout layout, String parameter, int axis) {
    Part part = naming.parts(layout.entry(parameter)).get(0);
    return file.tensor(part.name())
        .map(TensorInfo::shape)
        .filter(shape -> axis < shape.length)
        .map(shape -> shape[axis]);
  }

  /** Blocks whose first norm is there. */
  private static long depth(TensorFile file, Naming naming, String stack) {
    Predicate<Integer> isThere = block -> file.tensor(naming.firstNorm(stack, block)).isPresent();
    int depth = 0;
    while (isThere.test(depth)) {
      depth++;
    }
    return depth;
  }

  /**
   * Holds a configuration to it.
   *
   * @param place of the file, for the message
   * @throws ConfigException if it is another model's
   */
  void require(RunConfig config, String place) {
    Map<String, Long> configured =
        Map.of(
            "model.encoder.width", (long) config.model().encoder().width(),
            "model.encoder.depth", (long) config.model().encoder().depth(),
            "model.decoder.width", (long) config.model().decoder().width(),
            "model.decoder.depth", (long) config.model().decoder().depth(),
            "model.patch-size", (long) config.model().patchSize(),
            "image.channels", (long) config.image().channels());
    StringBuilder wrong = new StringBuilder();
    settings.forEach(
        (key, value) -> {
          if (!configured.get(key).equals(value)) {
            wrong.append(
                String.format("%n  %s must be %d but was %d", key, value, configured.get(key)));
          }
        });
    if (!wrong.isEmpty()) {
      throw new ConfigException(
          "", "[%s] holds another model than the configuration's:%s".formatted(place, wrong));
    }
  }
}
