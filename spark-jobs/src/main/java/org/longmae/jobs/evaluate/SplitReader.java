package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ImageConfig;
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
  /** Opens a reader from the first picture on; the caller closes it. */
  EvaluationLoader open(Configuration hadoop) throws IOException {
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

  /** The same in consecutive parts of equally many row groups, at most so many, in order. */
  List<SplitReader> parts(int count) {
    int used = 0;
    long before = 0;
    while (used < rowGroups.size() && before < limit) {
      before += rowGroups.get(used++).rows();
    }
    List<SplitReader> parts = new ArrayList<>();
    int left = limit;
    for (int part = 0; part < count; part++) {
      List<RowGroup> own =
          rowGroups.subList(
              (int) ((long) used * part / count), (int) ((long) used * (part + 1) / count));
      SplitReader reader = new SplitReader(shards, new ArrayList<>(own), image, batch, left);
      if (!own.isEmpty()) {
        parts.add(reader);
        left -= reader.pictures();
      }
    }
    return parts;
  }
}
