package org.longmae.data.tensor;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a pickle of NumPy arrays as Detectron2 loads a {@code .pkl}: a dict of {@code model}, the
 * arrays by their names; {@code __author__}; and {@code matching_heuristics}, which has it match
 * names by their endings. Protocol 3. A checksum follows: {@link PickleIndex}.
 */
final class PickleWriter {
  private static final long LARGEST = 0xffffffffL;

  private final DataOutputStream out;

  private PickleWriter(DataOutputStream out) {
    this.out = out;
  }

  static void write(OutputStream file, List<Tensor> tensors) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(file, new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    new PickleWriter(out).write(tensors);
    out.flush();
    int crc = (int) checked.getChecksum().getValue();
    out.writeInt(Integer.reverseBytes(crc));
    out.flush();
  }

  private void write(List<Tensor> tensors) throws IOException {
    out.write(new byte[] {(byte) 0x80, 3, '}', '('});
    text("model");
    out.writeBytes("}(");
    for (Tensor tensor : tensors) {
      text(tensor.info().name());
      array(tensor);
    }
    out.write('u');
    text("__author__");
    text("LongMAE");
    text("matching_heuristics");
    out.write(0x88);
    text(PickleIndex.CHECKSUM);
    out.write(0x88);
    out.writeBytes("u.");
  }

  /** {@code _reconstruct(ndarray, (0,), b"b")}, filled with (1, shape, type, False, bytes). */
  private void array(Tensor tensor) throws IOException {
    TensorInfo info = tensor.info();
    out.writeBytes("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n");
    out.write(new byte[] {'K', 0, (byte) 0x85, 'C', 1, 'b', (byte) 0x87, 'R', '(', 'K', 1, '('});
    for (long side : info.shape()) {
      whole(Math.toIntExact(side));
    }
    out.write('t');
    type(info.type().requireNumpy());
    if (info.bytes() > LARGEST) {
      throw new IOException(
          "tensor %s must have at most %d bytes in a pickle".formatted(info, LARGEST));
    }
    out.write(new byte[] {(byte) 0x89, 'B'});
    out.writeInt(Integer.reverseBytes((int) info.bytes()));
    tensor.into(out::write);
    out.writeBytes("tb");
  }

  /**
   * {@code dtype("f4", False, True)}, filled with (3, little-endian, None, None, None, -1, -1, 0).
   */
  private void type(String numpy) throws IOException {
    out.writeBytes("cnumpy\ndtype\n");
    text(numpy.substring(1));
    out.write(new byte[] {(byte) 0x89, (byte) 0x88, (byte) 0x87, 'R', '(', 'K', 3});
    text(numpy.substring(0, 1));
    out.writeBytes("NNN");
    whole(-1);
    whole(-1);
    out.write(new byte[] {'K', 0, 't', 'b'});
  }

  private void whole(int value) throws IOException {
    out.write('J');
    out.writeInt(Integer.reverseBytes(value));
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.writeInt(Integer.reverseBytes(bytes.length));
    out.write(bytes);
  }
}
