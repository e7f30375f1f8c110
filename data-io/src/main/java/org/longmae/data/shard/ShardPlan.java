package org.longmae.data.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.longmae.conf.DataConfig;
import org.longmae.conf.Randomness;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceListing;

/**
 * What goes into one shard file.
 *
 * <p>All pictures of a source are shuffled once; the first {@code round(n · heldOut)} are the split
 * {@link #VALIDATION}, the rest {@link #TRAIN}; each split is cut into files of about {@code
 * data.shard-mib}. A picture's id is its position after the shuffle. So the plan is a pure function
 * of the listing, the seed and the configuration, and any run of rows is a random sample.
 *
 * @param file name, as Hugging Face recognises splits by: {@code train-00000-of-00004.parquet}
 * @param split {@link #TRAIN} or {@link #VALIDATION}
 * @param index of the file in its split
 */
public record ShardPlan(String file, String split, int index, List<PlannedPicture> pictures)
    implements Serializable {
  /** The split that is trained on. */
  public static final String TRAIN = "train";

  /** The split that is held out. */
  public static final String VALIDATION = "validation";

  /** How names of shard files end. */
  static final String SUFFIX = ".parquet";

  /** A split is cut into this many files even if it is small, so that several tasks have work… */
  private static final int HANDFUL = 4;

  /** …unless a file would have so few pictures that a task is not worth it. */
  private static final int FEWEST_PICTURES = 25;

  public ShardPlan {
    pictures = List.copyOf(pictures);
  }

  /**
   * Plans a shard set; an empty split has no files.
   *
   * @param shrinkage bytes that are stored for each byte of the source, as expected
   */
  public static List<ShardPlan> of(
      SourceListing listing, DataConfig config, Randomness randomness, double shrinkage) {
    List<PlannedPicture> shuffled = shuffle(listing.entries(), randomness);
    int heldOut = (int) Math.round(shuffled.size() * config.heldOut());
    List<ShardPlan> plans = new ArrayList<>();
    cut(VALIDATION, shuffled.subList(0, heldOut), config, shrinkage, plans);
    cut(TRAIN, shuffled.subList(heldOut, shuffled.size()), config, shrinkage, plans);
    return plans;
  }

  /** Bytes of the planned pictures. */
  public long bytes() {
    return bytes(pictures);
  }

  private static List<PlannedPicture> shuffle(List<SourceEntry> entries, Randomness randomness) {
    SourceEntry[] order = entries.toArray(new SourceEntry[0]);
    RandomGenerator random = randomness.stream(Randomness.Purpose.SHARD, 0, 0);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      SourceEntry entry = order[i];
      order[i] = order[j];
      order[j] = entry;
    }
    List<PlannedPicture> pictures = new ArrayList<>(order.length);
    for (SourceEntry entry : order) {
      pictures.add(new PlannedPicture(pictures.size(), entry));
    }
    return pictures;
  }

  /** Equal counts: after a shuffle they are nearly equal bytes. */
  private static void cut(
      String split,
      List<PlannedPicture> pictures,
      DataConfig config,
      double shrinkage,
      List<ShardPlan> plans) {
    int n = pictures.size();
    long expected = Math.round(bytes(pictures) * shrinkage);
    int bySize = Math.toIntExact(ceilDiv(expected, (long) config.shardMib() << 20));
    int handful = Math.min(HANDFUL, Math.toIntExact(ceilDiv(n, FEWEST_PICTURES)));
    int files = Math.min(n, Math.max(bySize, handful));
    for (int i = 0; i < files; i++) {
      int from = (int) ((long) n * i / files);
      int to = (int) ((long) n * (i + 1) / files);
      String name = String.format(Locale.ROOT, "%s-%05d-of-%05d", split, i, files) + SUFFIX;
      plans.add(new ShardPlan(name, split, i, pictures.subList(from, to)));
    }
  }

  private static long bytes(List<PlannedPicture> pictures) {
    return pictures.stream().mapToLong(picture -> picture.entry().bytes()).sum();
  }

  private static long ceilDiv(long value, long divisor) {
    return (value + divisor - 1) / divisor;
  }
}
