package org.longmae.data.shard;

import java.io.Serializable;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.longmae.conf.DataConfig;
import org.longmae.conf.PrepareConfig;
import org.longmae.conf.RunConfig;

/**
 * What a shard set is made from: with the source's files, all that its bytes depend on.
 *
 * @param tool version of the code that makes it
 * @param source where the pictures are
 * @param settings values of the configuration's keys that change the set
 */
public record ShardOrigin(String tool, String source, SortedMap<String, String> settings)
    implements Serializable {
  public ShardOrigin {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** Of a set that a run's configuration asks for. */
  public static ShardOrigin of(String tool, String source, RunConfig config) {
    DataConfig data = config.data();
    PrepareConfig prepare = data.prepare();
    TreeMap<String, String> settings = new TreeMap<>();
    settings.put("seed", "" + config.seed());
    settings.put("data.held-out", "" + data.heldOut());
    settings.put("data.shard-mib", "" + data.shardMib());
    settings.put("data.prepare.shrink", lower(prepare.shrink()));
    settings.put("data.prepare.duplicates", lower(prepare.duplicates()));
    if (prepare.shrink() != PrepareConfig.Shrink.NONE) {
      settings.put("data.prepare.shrink-to", "" + prepare.shrinkTo());
    }
    settings.put("data.prepare.quality", "" + prepare.quality());
    settings.put("data.limits.file-mib", "" + data.limits().fileMib());
    settings.put("data.limits.megapixels", "" + data.limits().megapixels());
    settings.put("data.limits.scans", "" + data.limits().scans());
    settings.put("data.limits.metadata-mib", "" + data.limits().metadataMib());
    return new ShardOrigin(tool, source, settings);
  }

  /** The first setting, or the source, in which a set that is asked for differs from this one. */
  public Optional<String> difference(ShardOrigin asked) {
    if (!source.equals(asked.source)) {
      return Optional.of("must be of " + asked.source + " but was made from " + source);
    }
    TreeMap<String, String> keys = new TreeMap<>(settings);
    keys.putAll(asked.settings);
    for (String key : keys.keySet()) {
      String here = settings.getOrDefault(key, "not set");
      String there = asked.settings.getOrDefault(key, "not set");
      if (!here.equals(there)) {
        return Optional.of(
            String.format("must have %s = %s but was made with %s", key, there, here));
      }
    }
    return Optional.empty();
  }

  private static String lower(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
