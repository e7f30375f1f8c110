package org.longmae.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;

/**
 * The table of pictures that are in no shard: {@code quarantine.jsonl}, one JSON object a line,
 * sorted by path. A set without such pictures has no such file.
 */
public final class Quarantine {
  /** The table's file. */
  public static final String NAME = "quarantine.jsonl";

  private static final ObjectMapper LINE = new ObjectMapper();

  private Quarantine() {}

  /** Sorted as the table is. */
  public static List<Quarantined> sorted(List<Quarantined> pictures) {
    return pictures.stream().sorted(Comparator.comparing(Quarantined::path)).toList();
  }

  /** Replaces a set's table. */
  public static void write(FileSystem fs, Path directory, List<Quarantined> pictures)
      throws IOException {
    Path target = new Path(directory, NAME);
    if (pictures.isEmpty()) {
      fs.delete(target, false);
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Quarantined picture : sorted(pictures)) {
      lines.write(LINE.writeValueAsBytes(picture));
      lines.write('\n');
    }
    ShardJson.write(fs, directory, target, lines.toByteArray());
  }

  /**
   * Reads a set's table; empty if it has none.
   *
   * @throws ShardException if it is torn
   */
  public static List<Quarantined> read(FileSystem fs, Path directory) throws IOException {
    Path file = new Path(directory, NAME);
    List<Quarantined> pictures = new ArrayList<>();
    if (!fs.exists(file)) {
      return pictures;
    }
    String[] lines = new String(CommittedFile.read(fs, file), StandardCharsets.UTF_8).split("\n");
    for (int i = 0; i < lines.length; i++) {
      try {
        pictures.add(LINE.readValue(lines[i], Quarantined.class));
      } catch (JsonProcessingException e) {
        throw new ShardException(
            "[%s:%d] must be a JSON object but is not: %s"
                .formatted(file, i + 1, e.getOriginalMessage()),
            e);
      }
    }
    return pictures;
  }
}
