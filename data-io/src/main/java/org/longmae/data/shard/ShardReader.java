package org.longmae.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads the rows of one shard file, a row group at a time, by position. Every page is checked
 * against its checksum. Not for several threads at once.
 */
public final class ShardReader implements Closeable {
  private final Path path;
  private final ParquetFileReader file;
  private final MessageType schema;

  private ShardReader(Path path, ParquetFileReader file, MessageType schema) {
    this.path = path;
    this.file = file;
    this.schema = schema;
    file.setRequestedSchema(schema);
  }

  /**
   * Opens a shard with all columns.
   *
   * @throws IOException if it cannot be read or is no Parquet file
   */
  public static ShardReader open(FileSystem fs, Path file) throws IOException {
    return open(fs, file, ShardSchema.SCHEMA);
  }

  /** Opens a shard; its rows will have no objects, and none are read. */
  public static ShardReader openWithoutObjects(FileSystem fs, Path file) throws IOException {
    return open(fs, file, ShardSchema.withoutObjects());
  }

  /** Opens a shard; its rows will have no picture and no path, and none are read. */
  public static ShardReader openWithoutImages(FileSystem fs, Path file) throws IOException {
    return open(fs, file, ShardSchema.withoutImages());
  }

  private static ShardReader open(FileSystem fs, Path path, MessageType schema) throws IOException {
    var options = HadoopReadOptions.builder(fs.getConf()).usePageChecksumVerification().build();
    var input = HadoopInputFile.fromStatus(fs.getFileStatus(path), fs.getConf());
    try {
      return new ShardReader(path, ParquetFileReader.open(input, options), schema);
    } catch (RuntimeException e) {
      throw new IOException("[" + path + "] is no Parquet file: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("[" + path + "] Cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Number of row groups. */
  public int rowGroups() {
    return file.getRowGroups().size();
  }

  /**
   * Reads a row group.
   *
   * @param index from 0
   * @throws IOException if it cannot be read or a page does not match its checksum
   */
  public List<ShardRow> rowGroup(int index) throws IOException {
    try {
      PageReadStore pages = file.readRowGroup(index);
      MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
      RecordReader<Group> records =
          columns.getRecordReader(pages, new GroupRecordConverter(schema));
      List<ShardRow> rows = new ArrayList<>();
      for (long i = 0; i < pages.getRowCount(); i++) {
        rows.add(RowDecoder.row(records.read()));
      }
      return rows;
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "[%s] Cannot read row group %d: %s".formatted(path, index, deepest(e).getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Throwable deepest(Throwable e) {
    return e.getCause() == null ? e : deepest(e.getCause());
  }
}
