package org.longmae.data.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.archive.Gunzip;

/**
 * A folder for what listing a source has to write: annotations sorted by picture, and archives
 * decompressed so that they can be read in place. It must last until all shards are made, and be
 * seen by all machines that make them.
 *
 * @param folder a folder of ours alone; made when it is needed
 * @param unpacker who decompresses archives
 */
public record Workspace(FileSystem fs, Path folder, Unpacker unpacker) {
  /** Runs the tasks, in any order, at the same time or not. */
  @FunctionalInterface
  public interface Unpacker {
    /** Returns when all are done. */
    void run(List<Gunzip> tasks) throws IOException;
  }

  /** A workspace that decompresses one archive after the other, in this process. */
  public Workspace(FileSystem fs, Path folder) {
    this(
        fs,
        folder,
        tasks -> {
          for (Gunzip task : tasks) {
            task.run(fs.getConf());
          }
        });
  }

  /** Removes it with all that is in it. */
  public void clear() throws IOException {
    fs.delete(folder, true);
  }

  /** A path in it with the scheme, so that any machine finds it. */
  Path file(String name) {
    return fs.makeQualified(new Path(folder, name));
  }

  /** Where an archive's decompressed form goes; another version of the archive goes elsewhere. */
  Path unpacked(String archive, long bytes, long modified) {
    String version = archive + "\n" + bytes + "\n" + modified;
    return file(UUID.nameUUIDFromBytes(version.getBytes(StandardCharsets.UTF_8)) + ".tar");
  }
}
