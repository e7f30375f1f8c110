package org.longmae.jobs.sweep;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.Score;
import org.longmae.jobs.report.SweepReport;

/** A sweep's points as CSV (RFC 4180): a header, then a line a point. */
final class SweepCsv {
  private static final String HEADER =
      "name,sequence_length,image_size,channels,patch_size,mask_unit,mask_ratio,parameters,"
          + "gflops_per_image,epochs,samples_seen,images_per_second,train_seconds,"
          + "first_held_out_loss,held_out_loss,probe_accuracy,untrained_probe_accuracy,"
          + "neighbours_accuracy,finetuned_accuracy,scratch_accuracy,encoder,dataset,seed,failure";

  private SweepCsv() {}

  static String of(SweepReport report) {
    return Stream.concat(Stream.of(HEADER), report.points().stream().map(SweepCsv::line))
        .collect(Collectors.joining("\r\n", "", "\r\n"));
  }

  private static String line(PointReport point) {
    return List.<Object>of(
            point.name(),
            point.sequenceLength(),
            point.imageSize(),
            point.channels(),
            point.patchSize(),
            point.maskUnit(),
            point.maskRatio(),
            point.parameters(),
            point.gflopsPerImage(),
            point.epochs(),
            point.samplesSeen(),
            point.imagesPerSecond(),
            point.trainSeconds(),
            text(point.firstHeldOutLoss()),
            text(point.heldOutLoss()),
            score(point, PointRun.PROBE, Score::accuracy),
            score(point, PointRun.PROBE, Score::untrained),
            score(point, PointRun.NEIGHBOURS, Score::accuracy),
            score(point, PointRun.FINETUNING, Score::accuracy),
            score(point, PointRun.FINETUNING, Score::untrained),
            point.encoder(),
            point.dataset(),
            point.seed(),
            point.failure())
        .stream()
        .map(value -> quoted(String.format(Locale.ROOT, "%s", value)))
        .collect(Collectors.joining(","));
  }

  private static String score(PointReport point, String name, Function<Score, Double> of) {
    return point.score(name).map(of).map(String::valueOf).orElse("");
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
  }

  private static String quoted(String value) {
    return value.matches("[^\",\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
