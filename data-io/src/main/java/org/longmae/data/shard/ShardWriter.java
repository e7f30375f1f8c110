package org.longmae.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;

/**
 * Writes rows into one Parquet file, in row groups of {@link #ROWS_A_GROUP} rows (fewer if pictures
 * are very large), the last one what is left.
 *
 * <p>parquet-mr's own writer ends row groups by their bytes; samples are ordered by row groups, so
 * their rows are counted here. Pictures are compressed already, so the file is not. Pages hold
 * about a mebibyte and have checksums. At most one row group is in memory.
 */
final class ShardWriter implements Closeable {
  /** Rows of every row group but a file's last. */
  static final int ROWS_A_GROUP = 100;

  /** A row group of very large pictures ends earlier: writers and readers hold all of it. */
  private static final long BYTES_A_GROUP = 128L << 20;

  private static final ParquetProperties PROPERTIES =
      ParquetProperties.builder()
          .withDictionaryEncoding(false)
          .withPageWriteChecksumEnabled(true)
          // A picture may be as large as a page, so the page's size is looked at after each row.
          .withMinRowCountForPageSizeCheck(1)
          .estimateRowCountForPageSizeCheck(false)
          .build();

  private final ParquetFileWriter file;
  private final DigestedFile output;
  private final CodecFactory codecs;
  private final List<Integer> rowGroups = new ArrayList<>();
  private int rows;
  private long bytes;
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore columns;
  private RowWriter row;

  ShardWriter(DigestedFile output, Configuration configuration) throws IOException {
    this.output = output;
    codecs = new CodecFactory(configuration, PROPERTIES.getPageSizeThreshold());
    file =
        new ParquetFileWriter(
            output,
            ShardSchema.SCHEMA,
            ParquetFileWriter.Mode.CREATE,
            output.defaultBlockSize(),
            0,
            PROPERTIES.getColumnIndexTruncateLength(),
            PROPERTIES.getStatisticsTruncateLength(),
            PROPERTIES.getPageWriteChecksumEnabled());
    file.start();
    startRowGroup();
  }

  void write(ShardRow picture) throws IOException {
    row.write(picture);
    rows++;
    bytes += picture.image().length;
    if (rows == ROWS_A_GROUP || bytes >= BYTES_A_GROUP) {
      endRowGroup();
      startRowGroup();
    }
  }

  /** Rows of each row group; complete once the file is closed. */
  List<Integer> rowGroups() {
    return rowGroups;
  }

  @Override
  public void close() throws IOException {
    // The output is closed even if the rest of the file cannot be written.
    try (output) {
      endRowGroup();
      columns.close();
      output.hold();
      file.end(Map.of());
      output.release(Footer.canonical(output.held()));
    } finally {
      codecs.release();
    }
  }

  private void startRowGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CompressionCodecName.UNCOMPRESSED),
            ShardSchema.SCHEMA,
            new HeapByteBufferAllocator(),
            PROPERTIES.getColumnIndexTruncateLength(),
            PROPERTIES.getPageWriteChecksumEnabled());
    columns = PROPERTIES.newColumnWriteStore(ShardSchema.SCHEMA, pages);
    row =
        new RowWriter(
            new ColumnIOFactory().getColumnIO(ShardSchema.SCHEMA).getRecordWriter(columns));
    rows = 0;
    bytes = 0;
  }

  private void endRowGroup() throws IOException {
    if (rows == 0) {
      return;
    }
    row.flush();
    file.startBlock(rows);
    columns.flush();
    pages.flushToFileWriter(file);
    file.endBlock();
    columns.close();
    rowGroups.add(rows);
  }
}
