package org.longmae.data.shard;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;

/** The JSON files of a shard set: records as they are, complete or refused. */
final class ShardJson {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private ShardJson() {}

  /** Writes a file that appears whole, through {@code _temporary} of {@code root}. */
  static void write(FileSystem fs, Path root, Path target, byte[] bytes) throws IOException {
    CommittedFile.replace(fs, aside(fs, root, target, bytes), target);
  }

  /** The same of a record. */
  static void write(FileSystem fs, Path root, Path target, Object made) throws IOException {
    write(fs, root, target, MAPPER.writeValueAsBytes(made));
  }

  /** The same of a record that is not there or is the same; several may write it at a time. */
  static void writeOnce(FileSystem fs, Path root, Path target, Object made) throws IOException {
    Attempts.commit(fs, aside(fs, root, target, MAPPER.writeValueAsBytes(made)), target);
  }

  private static Path aside(FileSystem fs, Path root, Path target, byte[] bytes)
      throws IOException {
    fs.mkdirs(target.getParent());
    Path aside = Attempts.aside(root, target.getName());
    try (OutputStream out = fs.create(aside, false)) {
      out.write(bytes);
    }
    return aside;
  }
}
