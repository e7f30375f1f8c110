package org.longmae.jobs.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.LimitsConfig;
import org.longmae.data.shard.PictureFile;
import org.longmae.data.source.SourceEntry;
import scala.Tuple2;

/**
 * Finds files with the same bytes. Only files of the same length are read. Of those with the same
 * digest the first by name stays, whatever the order in which they are found.
 */
final class FindDuplicates {
  private static final int FILES_A_TASK = 1000;

  private FindDuplicates() {}

  /** The names of files to drop, each with the name of the one that stays. */
  static SortedMap<String, String> among(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> hadoop,
      List<SourceEntry> entries,
      LimitsConfig limits) {
    List<SourceEntry> candidates = ofSharedLength(entries);
    int tasks = 1 + candidates.size() / FILES_A_TASK;
    spark.setJobDescription("shard: duplicates among " + candidates.size() + " files");
    List<List<String>> groups =
        spark
            .parallelize(candidates, Math.max(tasks, spark.defaultParallelism()))
            .mapToPair(new Digest(hadoop, limits))
            .filter(file -> !file._1().isEmpty())
            .groupByKey()
            .values()
            .map(FindDuplicates::sorted)
            .filter(names -> names.size() > 1)
            .collect();
    TreeMap<String, String> dropped = new TreeMap<>();
    for (List<String> names : groups) {
      names.subList(1, names.size()).forEach(name -> dropped.put(name, names.get(0)));
    }
    return dropped;
  }

  private static List<SourceEntry> ofSharedLength(List<SourceEntry> entries) {
    Map<Long, Integer> files = new HashMap<>();
    entries.forEach(entry -> files.merge(entry.bytes(), 1, Integer::sum));
    return entries.stream().filter(entry -> files.get(entry.bytes()) > 1).toList();
  }

  private static List<String> sorted(Iterable<String> names) {
    List<String> sorted = new ArrayList<>();
    names.forEach(sorted::add);
    sorted.sort(Comparator.naturalOrder());
    return sorted;
  }

  private record Digest(Broadcast<SerializableConfiguration> hadoop, LimitsConfig limits)
      implements PairFunction<SourceEntry, String, String> {
    @Override
    public Tuple2<String, String> call(SourceEntry entry) throws IOException {
      String digest = PictureFile.sha256(hadoop.value().value(), entry, limits);
      return new Tuple2<>(digest, entry.name());
    }
  }
}
