package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ImageConfig;
import org.longmae.data.load.Batch;
import org.longmae.data.load.EpochOrder.RowGroup;
import org.longmae.data.load.EvaluationLoader;

/**
 * Pictures of a shard set, in its order, as one task of evaluation reads them.
 *
 * @param shards URI of the shard set's folder
 * @param limit pictures at most
 */
record SplitReader(
    String shards, ArrayList<RowGroup> rowGroups, ImageConfig image, int batch, int limit)
    implements Serializable {
  /** Row groups of a block: a few thousand pictures. */
  private static final int BLOCK = 32;

  private EvaluationLoader open(Configuration hadoop) throws IOException {
    Path folder = new Path(shards);
    return EvaluationLoader.open(
        folder.getFileSystem(hadoop), folder, rowGroups, image, batch, limit);
  }

  /** The same pictures at another size. */
  SplitReader at(ImageConfig other) {
    return new SplitReader(shards, rowGroups, other, batch, limit);
  }

  /** No more than the first few of them. */
  SplitReader first(int pictures) {
    return new SplitReader(shards, rowGroups, image, batch, Math.min(limit, pictures));
  }

  /** Pictures in all. */
  int pictures() {
    return (int) Math.min(limit, rowGroups.stream().mapToLong(RowGroup::rows).sum());
  }

  /**
   * The same in consecutive blocks, in order. Batches end where a block ends, and blocks depend on
   * nothing but the split: a picture's features have the same bits however many executors share the
   * work.
   */
  List<SplitReader> blocks() {
    List<SplitReader> blocks = new ArrayList<>();
    int left = limit;
    for (int from = 0; from < rowGroups.size() && left > 0; from += BLOCK) {
      List<RowGroup> own = rowGroups.subList(from, Math.min(rowGroups.size(), from + BLOCK));
      SplitReader block = new SplitReader(shards, new ArrayList<>(own), image, batch, left);
      blocks.add(block);
      left -= block.pictures();
    }
    return blocks;
  }

  /** What is done with a batch. */
  @FunctionalInterface
  interface BatchUse {
    void take(Batch batch) throws IOException;
  }

  /** Reads all batches, in order. */
  void forEachBatch(Configuration hadoop, BatchUse use) throws IOException {
    try (EvaluationLoader loader = open(hadoop)) {
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        use.take(next.get());
      }
    }
  }
}
