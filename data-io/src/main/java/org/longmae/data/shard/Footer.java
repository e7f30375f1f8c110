package org.longmae.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The end of a Parquet file: metadata, its length, the magic {@code PAR1}.
 *
 * <p>parquet-mr lists the encodings of a column in the order of a hash set of enum constants, whose
 * hashes are their addresses: another one in each process. Here they are sorted, so that the same
 * rows give the same bytes wherever they are written.
 */
final class Footer {
  private static final int LENGTH_AND_MAGIC = 8;

  private Footer() {}

  /**
   * The same bytes with encodings sorted.
   *
   * @param tail the end of a file, from the footer's begin or before
   */
  static byte[] canonical(byte[] tail) throws IOException {
    int end = tail.length - LENGTH_AND_MAGIC;
    ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    int start = end - bytes.getInt(end);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(tail, start, end - start));
    for (RowGroup group : metadata.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        column.getMeta_data().getEncodings().sort(Comparator.comparing(Encoding::getValue));
      }
    }
    ByteArrayOutputStream sorted = new ByteArrayOutputStream(tail.length);
    sorted.write(tail, 0, start);
    Util.writeFileMetaData(metadata, sorted);
    byte[] length = new byte[4];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putInt(sorted.size() - start);
    sorted.writeBytes(length);
    sorted.write(tail, end + length.length, LENGTH_AND_MAGIC - length.length);
    return sorted.toByteArray();
  }
}
