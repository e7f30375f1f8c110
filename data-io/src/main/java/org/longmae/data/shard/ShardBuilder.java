package org.longmae.data.shard;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.DataConfig;
import org.longmae.data.image.PicturePreparation;
import org.longmae.data.image.PreparedPicture;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.source.PictureAnnotations;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceReader;

/**
 * Builds one shard file: reads each planned picture, verifies it by decoding, and stores its file
 * as it is, or converted where {@link PicturePreparation} must. What cannot be decoded is
 * quarantined with its reason; what cannot be read because the file system fails, fails the build,
 * so that it can be tried again.
 *
 * <p>The file appears whole or not at all, and then its result beside it ({@link UnfinishedSet}).
 * Several may build the same shard at the same time: each writes the same bytes, and the first to
 * finish gives the file. A shard that is built already is not built again.
 */
public final class ShardBuilder {
  private static final long MIB = 1 << 20;

  private final FileSystem fs;
  private final Path directory;
  private final DataConfig config;
  private final PicturePreparation preparation;
  private final BuildWatch watch;
  private final long mostBad;
  private final List<Quarantined> quarantined = new ArrayList<>();
  private int encodedAgain;

  private ShardBuilder(
      FileSystem fs, Path directory, DataConfig config, long mostBad, BuildWatch watch) {
    this.fs = fs;
    this.directory = directory;
    this.config = config;
    this.mostBad = mostBad;
    this.watch = watch;
    preparation = new PicturePreparation(config.prepare(), config.limits());
  }

  /**
   * Builds a shard.
   *
   * @param fs file system of {@code directory}; pictures may be on another
   * @param directory folder of the shard set
   * @param mostBad unreadable pictures after which the shard is given up
   * @throws InterruptedIOException if the watch stopped it
   */
  public static ShardOutcome build(
      FileSystem fs,
      Path directory,
      ShardPlan plan,
      DataConfig config,
      long mostBad,
      BuildWatch watch)
      throws IOException {
    Optional<ShardResult> done = UnfinishedSet.in(fs, directory).result(plan.file());
    if (done.isPresent()) {
      return done.get();
    }
    return new ShardBuilder(fs, directory, config, mostBad, watch).build(plan);
  }

  private ShardOutcome build(ShardPlan plan) throws IOException {
    Path target = new Path(directory, plan.file());
    Path aside = Attempts.aside(directory, plan.file());
    DigestedFile file = new DigestedFile(fs, aside, blockSize(plan, target));
    ShardWriter writer = new ShardWriter(file, fs.getConf());
    boolean whole = false;
    try {
      try (writer;
          SourceReader reader = new SourceReader(fs.getConf())) {
        for (PlannedPicture picture : plan.pictures()) {
          copy(plan, picture, reader, writer);
          if (quarantined.size() > mostBad) {
            return new ShardAbandoned(plan.file(), quarantined);
          }
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        fs.delete(aside, false);
      }
    }
    Attempts.commit(fs, aside, target);
    long firstId = plan.pictures().isEmpty() ? 0 : plan.pictures().get(0).id();
    ShardResult result =
        new ShardResult(
            new ShardFile(
                plan.file(),
                plan.split(),
                writer.rowGroups(),
                firstId,
                file.written(),
                file.sha256()),
            quarantined,
            encodedAgain);
    UnfinishedSet.in(fs, directory).record(result);
    return result;
  }

  private void copy(ShardPlan plan, PlannedPicture planned, SourceReader reader, ShardWriter writer)
      throws IOException {
    if (watch.isStopped()) {
      throw new InterruptedIOException("[" + plan.file() + "] building was stopped");
    }
    SourceEntry entry = planned.entry();
    byte[] source = null;
    try {
      source = PictureFile.read(reader, entry, config.limits());
      PreparedPicture picture = preparation.prepare(source);
      writer.write(row(planned, picture, reader));
      encodedAgain += picture.encodedAgain() ? 1 : 0;
      watch.stored(picture.bytes().length, picture.encodedAgain());
    } catch (UnreadablePictureException e) {
      String sha256 = source == null ? "" : Digests.sha256(source);
      quarantined.add(new Quarantined(entry.path(), e.getMessage(), sha256));
      watch.leftOut();
    }
  }

  private static ShardRow row(PlannedPicture planned, PreparedPicture picture, SourceReader reader)
      throws IOException {
    SourceEntry entry = planned.entry();
    PictureAnnotations annotations =
        reader.annotations(entry, picture.sourceWidth(), picture.sourceHeight());
    return new ShardRow(
        planned.id(),
        picture.bytes(),
        entry.name(),
        entry.label(),
        picture.width(),
        picture.height(),
        Digests.sha256(picture.bytes()),
        Scaling.of(picture).apply(annotations));
  }

  /** One block a file where there are blocks, so that a reader has all of it on one machine. */
  private long blockSize(ShardPlan plan, Path target) {
    long expected = plan.bytes() + plan.bytes() / 16 + MIB;
    return Math.max(fs.getDefaultBlockSize(target), expected / MIB * MIB + MIB);
  }
}
