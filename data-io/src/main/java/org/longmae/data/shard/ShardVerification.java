package org.longmae.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Holds a shard file to what the manifest says of it: the digest of its bytes, the rows of its row
 * groups; every page to its checksum, every picture to its digest. It reads the file twice, and
 * holds one row group in memory.
 */
public final class ShardVerification {
  private static final int BUFFER = 1 << 20;

  private final FileSystem fs;
  private final Path path;
  private final ShardFile file;
  private final List<String> problems = new ArrayList<>();

  private ShardVerification(FileSystem fs, Path path, ShardFile file) {
    this.fs = fs;
    this.path = path;
    this.file = file;
  }

  /**
   * What is wrong with a file, each with the file's path; empty if nothing is.
   *
   * @param directory folder of the shard set
   */
  public static List<String> problems(FileSystem fs, Path directory, ShardFile file) {
    return new ShardVerification(fs, new Path(directory, file.name()), file).run();
  }

  private List<String> run() {
    try {
      String digest = digest();
      if (!digest.equals(file.sha256())) {
        add("digest must be %s but was %s", file.sha256(), digest);
      }
      verifyRows();
    } catch (IOException e) {
      add("Cannot be read: %s", e.getMessage());
    }
    return problems;
  }

  private String digest() throws IOException {
    MessageDigest digest = Digests.sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = fs.open(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return Digests.hex(digest);
  }

  private void verifyRows() throws IOException {
    try (ShardReader reader = ShardReader.open(fs, path)) {
      if (reader.rowGroups() != file.rowGroups().size()) {
        add("must have %d row groups but had %d", file.rowGroups().size(), reader.rowGroups());
        return;
      }
      long lastId = file.firstId() - 1;
      for (int i = 0; i < reader.rowGroups(); i++) {
        lastId = verify(i, reader, lastId);
      }
    }
  }

  /** Verifies a row group; returns its last id. */
  private long verify(int index, ShardReader reader, long idBefore) {
    List<ShardRow> rows;
    try {
      rows = reader.rowGroup(index);
    } catch (IOException e) {
      // The message names the file; the next row group may be whole.
      problems.add(e.getMessage());
      return idBefore;
    }
    if (rows.size() != file.rowGroups().get(index)) {
      add(
          "row group %d must have %d rows but had %d",
          index, file.rowGroups().get(index), rows.size());
    }
    long lastId = idBefore;
    for (ShardRow row : rows) {
      if (row.id() <= lastId) {
        add("ids must ascend but %d came behind %d", row.id(), lastId);
      }
      String digest = Digests.sha256(row.image());
      if (!digest.equals(row.sha256())) {
        add(
            "picture %d (%s) must have digest %s but had %s",
            row.id(), row.path(), row.sha256(), digest);
      }
      lastId = row.id();
    }
    return lastId;
  }

  private void add(String problem, Object... values) {
    problems.add("[" + path + "] " + problem.formatted(values));
  }
}
