package org.longmae.data.shard;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.DataConfig;
import org.longmae.conf.PrepareConfig.Shrink;
import org.longmae.data.image.PicturePreparation;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceListing;
import org.longmae.data.source.SourceReader;

/**
 * What preparing some pictures of a source tells about all of them. A pure function of the source
 * and the configuration: the same pictures are looked at each time, evenly over the listing.
 *
 * @param looked pictures that were prepared
 * @param unreadable of these
 * @param shrinkage bytes that are stored for each byte of the readable ones
 */
public record SizeSample(int looked, int unreadable, double shrinkage) {
  private static final int MOST = 64;

  /**
   * Prepares pictures where shrinking makes sizes unknown; none where files are stored as they are.
   *
   * @throws IOException if the file system fails
   */
  public static SizeSample of(Configuration hadoop, SourceListing listing, DataConfig config)
      throws IOException {
    return config.prepare().shrink() == Shrink.NONE
        ? new SizeSample(0, 0, 1)
        : looked(hadoop, listing, config);
  }

  /**
   * Prepares some pictures, whatever the settings.
   *
   * @throws IOException if the file system fails
   */
  public static SizeSample looked(Configuration hadoop, SourceListing listing, DataConfig config)
      throws IOException {
    PicturePreparation preparation = new PicturePreparation(config.prepare(), config.limits());
    List<SourceEntry> entries = listing.entries();
    int count = Math.min(MOST, entries.size());
    int unreadable = 0;
    long before = 0;
    long after = 0;
    try (SourceReader source = new SourceReader(hadoop)) {
      for (int i = 0; i < count; i++) {
        SourceEntry entry = entries.get((int) ((long) entries.size() * i / count));
        try {
          byte[] file = PictureFile.read(source, entry, config.limits());
          after += preparation.prepare(file).bytes().length;
          before += file.length;
        } catch (UnreadablePictureException e) {
          unreadable++;
        }
      }
    }
    return new SizeSample(count, unreadable, before == 0 ? 1 : (double) after / before);
  }
}
