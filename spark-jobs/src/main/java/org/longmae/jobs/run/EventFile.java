package org.longmae.jobs.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.client.HdfsDataOutputStream;
import org.apache.hadoop.hdfs.client.HdfsDataOutputStream.SyncFlag;

/**
 * A TensorBoard event file that is read while it grows: {@code events.out.tfevents.…}.
 *
 * <pre>
 *   record   length (u64), masked CRC of it (u32), an Event, masked CRC of it (u32); little-endian
 *   mask     rotate right by 15, add 0xa282ead8
 *   Event    wall_time = 1 (double)   step = 2   file_version = 3   summary = 5   session_log = 7
 * </pre>
 *
 * <p>Written by hand: of TensorBoard's protocol it takes three messages, and the libraries that
 * have it bring a protobuf runtime that Spark has another version of. One writer a run.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto">the
 *     messages</a>
 */
public final class EventFile implements AutoCloseable {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final FSDataOutputStream out;

  private EventFile(FSDataOutputStream out) {
    this.out = out;
  }

  /**
   * Starts a file. What other files of the folder say of steps behind {@code step} no longer
   * counts.
   *
   * @param number of the driver that writes it, so that no two write one file
   * @param seconds since 1970
   * @param step at which the run goes on
   */
  public static EventFile open(FileSystem fs, Path folder, long number, double seconds, long step)
      throws IOException {
    String name = String.format("events.out.tfevents.%010d.%06d", (long) seconds, number);
    EventFile file = new EventFile(fs.create(new Path(folder, name), true));
    file.record(new Message().fixed64(1, seconds).bytes(3, "brain.Event:2").toBytes());
    Message started = new Message().varint(1, 1);
    file.record(
        new Message()
            .fixed64(1, seconds)
            .varint(2, step + 1)
            .bytes(7, started.toBytes())
            .toBytes());
    file.flush();
    return file;
  }

  /** Adds numbers of a step; readers see them after {@link #flush}. */
  public void scalars(double seconds, long step, Map<String, Double> values) throws IOException {
    Message summary = new Message();
    values.forEach(
        (tag, value) ->
            summary.bytes(1, new Message().bytes(1, tag).fixed32(2, value.floatValue()).toBytes()));
    record(new Message().fixed64(1, seconds).varint(2, step).bytes(5, summary.toBytes()).toBytes());
  }

  /** Shows readers what was added. */
  public void flush() throws IOException {
    if (out instanceof HdfsDataOutputStream hdfs) {
      // Without the length, readers see the file as it was when it was opened.
      hdfs.hsync(EnumSet.of(SyncFlag.UPDATE_LENGTH));
    } else {
      out.hflush();
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void record(byte[] event) throws IOException {
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(event.length).array();
    out.write(length);
    out.write(masked(length));
    out.write(event);
    out.write(masked(event));
  }

  private static byte[] masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }

  /** A protobuf message that is being put together, field by field. */
  private static final class Message {
    private final ByteArrayOutputStream fields = new ByteArrayOutputStream();

    Message varint(int field, long value) {
      number((long) field << 3 | VARINT);
      number(value);
      return this;
    }

    Message fixed64(int field, double value) {
      number((long) field << 3 | FIXED64);
      fields.writeBytes(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
      return this;
    }

    Message fixed32(int field, float value) {
      number((long) field << 3 | FIXED32);
      fields.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
      return this;
    }

    Message bytes(int field, byte[] value) {
      number((long) field << 3 | BYTES);
      number(value.length);
      fields.writeBytes(value);
      return this;
    }

    Message bytes(int field, String text) {
      return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
      return fields.toByteArray();
    }

    private void number(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        fields.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      fields.write((int) rest);
    }
  }
}
