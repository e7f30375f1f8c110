package org.longmae.jobs.train;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.longmae.conf.Fault.Point;
import org.longmae.data.load.BatchSlice;
import org.longmae.jobs.run.Durability;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.longmae.jobs.run.StatePart;
import org.longmae.model.StateVector;
import org.longmae.model.averaging.Averaging;
import org.longmae.model.averaging.WeightedMean;
import scala.Tuple2;

/**
 * What an executor runs to make the parts that it owns of the state after a round: the mean over
 * the workers, in their order; for parameters, the averaging's step; a file of the state.
 *
 * <p>Input is sorted by part, then worker, so one part is in hand at a time and the order of
 * arrival changes nothing. Only names, sums and reports go back to the driver.
 */
final class AverageParts
    implements FlatMapFunction<Iterator<Tuple2<Long, Parcel>>, AverageParts.Made> {
  private static final long serialVersionUID = 1L;

  private final RunOnExecutor run;
  private final Round round;

  AverageParts(RunOnExecutor run, Round round) {
    this.run = run;
    this.round = round;
  }

  /**
   * The round that is averaged.
   *
   * @param round from 1
   * @param workers W
   * @param parts of the state, in order
   * @param before the state before the round
   * @param folder of the state after it
   * @param durability of that state
   * @param rate mean learning rate of its steps
   */
  record Round(
      int round,
      int workers,
      List<StatePart> parts,
      SavedState before,
      String folder,
      Durability durability,
      double rate)
      implements Serializable {}

  /**
   * What comes of one part, or of the reports.
   *
   * @param chunks files of the state
   * @param report of a worker, as JSON; empty for a part
   */
  record Made(List<Chunk> chunks, String report) implements Serializable {}

  @Override
  public Iterator<Made> call(Iterator<Tuple2<Long, Parcel>> sorted) throws IOException {
    List<Made> made = new ArrayList<>();
    List<float[]> ofPart = new ArrayList<>();
    while (sorted.hasNext()) {
      Tuple2<Long, Parcel> next = sorted.next();
      if (next._2 instanceof Parcel.Report report) {
        made.add(new Made(List.of(), new String(report.text(), StandardCharsets.UTF_8)));
      } else if (next._2 instanceof Parcel.Part sent) {
        int worker = PartKey.worker(next._1);
        if (worker == 0) {
          ofPart.clear();
        }
        // A worker that failed sends a report and no parts: then there is no mean.
        if (worker == ofPart.size()) {
          ofPart.add(sent.floats());
        }
        if (ofPart.size() == round.workers()) {
          StatePart part = round.parts().get(PartKey.part(next._1));
          made.add(new Made(write(part, mean(ofPart)), ""));
          ofPart.clear();
        }
      }
    }
    return made.iterator();
  }

  /** The mean of what all workers sent. */
  private float[] mean(List<float[]> workers) {
    int batch = run.config().train().batch();
    double[] weights =
        IntStream.range(0, workers.size())
            .mapToDouble(worker -> BatchSlice.of(worker, workers.size(), batch).weight())
            .toArray();
    return WeightedMean.of(weights, workers);
  }

  private List<Chunk> write(StatePart part, float[] mean) throws IOException {
    Faults.taskAt(run.config(), Point.WRITE, round.round());
    Path folder = new Path(round.folder());
    FileSystem fs = run.fileSystem(folder);
    List<Chunk> chunks = new ArrayList<>();
    Averaging averaging = Averaging.of(run.config().averaging());
    if (part.vector() == StateVector.PARAMETERS && averaging.hasMomentum()) {
      StatePart momentumPart =
          new StatePart(part.index(), StateVector.OUTER_MOMENTUM, part.offset(), part.floats());
      float[] momentum = before(momentumPart).orElseGet(() -> new float[part.floats()]);
      averaging.step(before(part).orElseThrow(), mean, momentum, round.rate());
      chunks.add(
          StateFiles.write(fs, folder, momentumPart, momentum, run.writer(), round.durability()));
    }
    chunks.add(StateFiles.write(fs, folder, part, mean, run.writer(), round.durability()));
    return chunks;
  }

  /** A part of the state before the round; nothing if the state has no such vector. */
  private Optional<float[]> before(StatePart part) throws IOException {
    StateManifest manifest = round.before().manifest();
    Path folder = new Path(round.before().folder());
    for (Chunk chunk : manifest.chunks(part.vector())) {
      if (chunk.offset() == part.offset()) {
        return Optional.of(StateFiles.read(run.fileSystem(folder), folder, chunk));
      }
    }
    return Optional.empty();
  }
}
