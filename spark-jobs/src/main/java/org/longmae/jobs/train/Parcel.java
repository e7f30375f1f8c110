package org.longmae.jobs.train;

import java.io.DataInput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.longmae.conf.Fault.Point;
import org.longmae.jobs.run.FloatBytes;
import org.longmae.jobs.run.StatePart;
import org.longmae.model.TrainingEngine;

/**
 * What a worker hands to the owner of a part. A part is followed by the checksum of its bytes,
 * which whoever reads it compares: Spark has sums of a shuffle's blocks, but looks at them only
 * once a block could not be decompressed.
 */
sealed interface Parcel {
  /** Writes it as {@link #read} reads it. */
  void writeTo(DataOutputStream out) throws IOException;

  /** A report, as text. */
  record Report(byte[] text) implements Parcel {
    private static final int KIND = 0;

    @Override
    public void writeTo(DataOutputStream out) throws IOException {
      out.writeByte(KIND);
      out.writeInt(text.length);
      out.write(text);
    }
  }

  /** A part of a worker's state. */
  record Part(float[] floats) implements Parcel {
    private static final int KIND = 1;

    @Override
    public void writeTo(DataOutputStream out) throws IOException {
      out.writeByte(KIND);
      out.writeInt(floats.length);
      CRC32C sum = new CRC32C();
      FloatBytes.write(floats, out, sum);
      out.writeInt((int) sum.getValue());
    }
  }

  /**
   * A part of a replica that is still there: its floats go from the engine straight into the
   * shuffle's file, and no copy of a state lies in the heap. It arrives as {@link Part}.
   *
   * <p>It names the replica's device where it could hold the engine, because Spark estimates how
   * much memory the parcels take by walking through all that they refer to.
   */
  record Live(int device, int round, StatePart part) implements Parcel {
    @Override
    public void writeTo(DataOutputStream out) throws IOException {
      LocalTrainer trainer = Replica.inUse(device);
      Faults.taskAt(trainer.config(), Point.SEND, round);
      TrainingEngine engine = trainer.engine();
      out.writeByte(Part.KIND);
      out.writeInt(part.floats());
      CRC32C sum = new CRC32C();
      FloatBytes.write(
          (offset, into) -> engine.read(part.vector(), part.offset() + offset, into),
          part.floats(),
          out,
          sum);
      out.writeInt((int) sum.getValue());
    }
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws IOException if a part's bytes are not those that were written
   */
  static Parcel read(DataInput in) throws IOException {
    int kind = in.readByte();
    int length = in.readInt();
    if (kind == Report.KIND) {
      byte[] text = new byte[length];
      in.readFully(text);
      return new Report(text);
    }
    float[] floats = new float[length];
    CRC32C sum = new CRC32C();
    FloatBytes.read(in, floats, sum);
    int expected = in.readInt();
    if ((int) sum.getValue() != expected) {
      throw new IOException(
          String.format(
              "Cannot read a part of %d floats that a worker sent: expected checksum %08x but was"
                  + " %08x",
              length, expected, sum.getValue()));
    }
    return new Part(floats);
  }
}
