package org.longmae.jobs.inspect;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;

/**
 * What is in a shard set.
 *
 * @param folder URI of its folder
 * @param verified whether the files were held to the manifest
 */
public record InspectResult(
    String folder, ShardManifest manifest, ShardSummary summary, boolean verified) {
  /** Bytes of all files. */
  public long bytes() {
    return manifest.files().stream().mapToLong(ShardFile::bytes).sum();
  }

  /** Pictures of each split, by name. */
  public Map<String, Integer> splits() {
    return manifest.files().stream()
        .map(ShardFile::split)
        .distinct()
        .sorted()
        .collect(
            Collectors.toMap(split -> split, manifest::rows, Integer::sum, LinkedHashMap::new));
  }

  /** Counts by index as counts by class name, the largest first. */
  public Map<String, Long> byName(Map<Integer, Long> counts) {
    Map<String, Long> named = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> named.merge(name(entry.getKey()), entry.getValue(), Long::sum));
    return named;
  }

  private String name(int index) {
    List<String> names = manifest.classNames();
    return index < names.size() ? names.get(index) : "class " + index;
  }
}
