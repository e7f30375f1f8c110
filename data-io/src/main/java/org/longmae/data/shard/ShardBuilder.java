package org.longmae.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.archive.DamagedEntryException;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceReader;

/**
 * Builds one shard file: reads each planned picture, verifies it by decoding, and stores its file
 * as it is. What cannot be decoded is quarantined with its reason; what cannot be read because the
 * file system fails, fails the build, so that it can be tried again.
 *
 * <p>The file appears whole or not at all. Building it again, at the same time or later, replaces
 * it by the same bytes.
 */
public final class ShardBuilder {
  private static final long MIB = 1 << 20;

  private final FileSystem fs;
  private final List<Quarantined> quarantined = new ArrayList<>();

  private ShardBuilder(FileSystem fs) {
    this.fs = fs;
  }

  /**
   * Builds a shard.
   *
   * @param fs file system of {@code directory}; pictures may be on another
   * @param directory folder of the shard set
   */
  public static ShardResult build(FileSystem fs, Path directory, ShardPlan plan)
      throws IOException {
    return new ShardBuilder(fs).build(plan, new Path(directory, plan.file()));
  }

  private ShardResult build(ShardPlan plan, Path target) throws IOException {
    Path aside = Attempts.aside(target);
    DigestedFile file = new DigestedFile(fs, aside, blockSize(plan, target));
    ShardWriter writer = new ShardWriter(file, fs.getConf());
    try (writer;
        SourceReader source = new SourceReader(fs.getConf())) {
      for (PlannedPicture picture : plan.pictures()) {
        copy(picture, source, writer);
      }
    }
    CommittedFile.replace(fs, aside, target);
    long firstId = plan.pictures().isEmpty() ? 0 : plan.pictures().get(0).id();
    return new ShardResult(
        new ShardFile(
            plan.file(), plan.split(), writer.rowGroups(), firstId, file.written(), file.sha256()),
        quarantined);
  }

  private void copy(PlannedPicture planned, SourceReader source, ShardWriter writer)
      throws IOException {
    Optional<ShardRow> row = verify(planned, source);
    if (row.isPresent()) {
      writer.write(row.get());
    }
  }

  private Optional<ShardRow> verify(PlannedPicture planned, SourceReader source)
      throws IOException {
    SourceEntry entry = planned.entry();
    byte[] image = new byte[0];
    try {
      image = read(source, entry);
      Picture picture = PictureCodec.decode(image);
      return Optional.of(
          new ShardRow(
              planned.id(),
              image,
              entry.name(),
              entry.label(),
              picture.width(),
              picture.height(),
              Digests.sha256(image),
              source.annotations(entry, picture.width(), picture.height())));
    } catch (UnreadablePictureException e) {
      quarantined.add(new Quarantined(entry.path(), e.getMessage(), Digests.sha256(image)));
    } catch (DamagedEntryException e) {
      quarantined.add(new Quarantined(entry.path(), e.getMessage(), ""));
    } catch (FileNotFoundException e) {
      quarantined.add(new Quarantined(entry.path(), "file is not there any more", ""));
    }
    return Optional.empty();
  }

  private static byte[] read(SourceReader source, SourceEntry entry)
      throws IOException, UnreadablePictureException {
    long length = source.length(entry);
    if (length > PictureCodec.MAX_BYTES) {
      throw new UnreadablePictureException(
          "too large: a file must have at most %d bytes but had %d"
              .formatted(PictureCodec.MAX_BYTES, length));
    }
    return source.picture(entry);
  }

  /** One block a file where there are blocks, so that a reader has all of it on one machine. */
  private long blockSize(ShardPlan plan, Path target) {
    long expected = plan.bytes() + plan.bytes() / 16 + MIB;
    return Math.max(fs.getDefaultBlockSize(target), expected / MIB * MIB + MIB);
  }
}
