package org.longmae.jobs.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.longmae.conf.ComputeConfig;
import org.longmae.model.NearestNeighbours;
import scala.Tuple2;

/**
 * The k-nearest-neighbour classifier: each training picture among the k of largest cosine votes for
 * its class with weight exp(cosine / 0.07). Nothing is fitted.
 *
 * <p>Both sides are cut into blocks; a task multiplies two of them at a time and keeps the best of
 * each query, and what it found is merged by block of queries.
 *
 * @see <a href="https://arxiv.org/abs/1805.01978">Wu et al.: Unsupervised Feature Learning via
 *     Non-Parametric Instance Discrimination (2018)</a>, for the vote
 */
final class Neighbours {
  private static final double TEMPERATURE = 0.07;

  /** Rows of a block: a product of two has 64 MiB. */
  private static final int ROWS = 4096;

  private final ComputeConfig compute;
  private final int k;

  Neighbours(ComputeConfig compute, int k) {
    this.compute = compute;
    this.k = k;
  }

  Answers run(Task task) {
    int slots = Math.max(1, task.train().context().defaultParallelism());
    JavaRDD<NeighbourBlock> references =
        task.train().mapPartitions(new Blocks()).repartition(slots).cache();
    JavaRDD<NeighbourBlock> queries = named(task.heldOut().mapPartitions(new Blocks()));
    try {
      List<Tuple2<Long, NearestLabels>> found =
          queries
              .cartesian(references)
              .mapPartitionsToPair(new Search(compute, k))
              .reduceByKey(NearestLabels::merge)
              .collect();
      return count(found, task);
    } finally {
      references.unpersist(false);
    }
  }

  private static JavaRDD<NeighbourBlock> named(JavaRDD<NeighbourBlock> blocks) {
    return blocks
        .zipWithUniqueId()
        .map(pair -> new NeighbourBlock(pair._2(), pair._1().labels(), pair._1().rows_RD()));
  }

  private static Answers count(List<Tuple2<Long, NearestLabels>> found, Task task) {
    List<Answer> answers = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparing(Tuple2::_1))
        .map(Tuple2::_2)
        .forEach(
            block -> {
              for (int query = 0; query < block.queries().length; query++) {
                double[] votes = block.votes(query, task.classes(), TEMPERATURE);
                answers.add(Answer.of(block.queries()[query], votes));
              }
            });
    return Answer.count(answers, task.classes(), task.commonest());
  }

  /** Cuts a partition into blocks. */
  private static final class Blocks implements FlatMapFunction<Iterator<Labelled>, NeighbourBlock> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<NeighbourBlock> call(Iterator<Labelled> rows) {
      List<NeighbourBlock> blocks = new ArrayList<>();
      List<Labelled> block = new ArrayList<>();
      while (rows.hasNext()) {
        block.add(rows.next());
        if (block.size() == ROWS || !rows.hasNext()) {
          blocks.add(NeighbourBlock.of(blocks.size(), block));
          block.clear();
        }
      }
      return blocks.iterator();
    }
  }

  /** Multiplies pairs of blocks, on one core: there are as many tasks as cores. */
  private static final class Search
      implements PairFlatMapFunction<
          Iterator<Tuple2<NeighbourBlock, NeighbourBlock>>, Long, NearestLabels> {
    private static final long serialVersionUID = 1L;

    private final ComputeConfig compute;
    private final int k;

    private Search(ComputeConfig compute, int k) {
      this.compute = compute;
      this.k = k;
    }

    @Override
    public Iterator<Tuple2<Long, NearestLabels>> call(
        Iterator<Tuple2<NeighbourBlock, NeighbourBlock>> pairs) {
      List<Tuple2<Long, NearestLabels>> found = new ArrayList<>();
      try (NearestNeighbours search = NearestNeighbours.open(compute, 1)) {
        while (pairs.hasNext()) {
          Tuple2<NeighbourBlock, NeighbourBlock> pair = pairs.next();
          found.add(new Tuple2<>(pair._1().index(), nearest(search, pair._1(), pair._2())));
        }
      }
      return found.iterator();
    }

    private NearestLabels nearest(
        NearestNeighbours search, NeighbourBlock queries, NeighbourBlock references) {
      int few = Math.min(k, references.labels().length);
      NearestNeighbours.Found found =
          search.of(queries.rows_RD(), references.rows_RD(), queries.width(), few);
      NearestLabels labels = NearestLabels.none(queries.labels(), k);
      for (int query = 0; query < queries.labels().length; query++) {
        for (int place = 0; place < few; place++) {
          int at = query * k + place;
          labels.labels()[at] = references.labels()[found.row()[query * few + place]];
          labels.cosines()[at] = found.product()[query * few + place];
        }
      }
      return labels;
    }
  }
}
