package org.longmae.data.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.longmae.data.tensor.Pickled.Array;

/**
 * A file that begins with a pickle: one of NumPy arrays, as Detectron2's {@code .pkl}, or PyTorch's
 * old format.
 *
 * <p>A pickle has no checksum. Those written here hold {@link #CHECKSUM}, and CRC-32C of all bytes
 * of the pickle follows it, 4 bytes little-endian: other readers stop where the pickle ends.
 */
final class PickleIndex {
  /** Key of the top map whose presence says that a checksum follows the pickle. */
  static final String CHECKSUM = "crc32c_follows";

  private PickleIndex() {}

  static TensorIndex read(FileBytes file) throws IOException {
    PlacedInput in = new PlacedInput(file, 0, file.length());
    Object root = new Unpickler(file, in).read();
    if (root.equals(TorchIndex.MAGIC)) {
      return TorchIndex.legacy(file, in);
    }
    boolean checked = root instanceof Map<?, ?> map && map.containsKey(CHECKSUM);
    if (checked || in.position() < file.length()) {
      check(file, in.position());
    }
    List<StoredTensor> tensors =
        PickledMap.tensors(file, root, Array.class, (name, array) -> stored(file, name, array));
    return new TensorIndex(tensors, Map.of());
  }

  private static void check(FileBytes file, long end) throws IOException {
    if (file.length() != end + Integer.BYTES) {
      throw file.damaged(end, "4 bytes of a checksum must follow the pickle but do not");
    }
    CRC32C crc = new CRC32C();
    file.pass(0, end, crc::update);
    byte[] stored = file.at(end, Integer.BYTES);
    int expected = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if ((int) crc.getValue() != expected) {
      throw file.damaged(
          end, "CRC-32C must be %08x but was %08x".formatted(expected, (int) crc.getValue()));
    }
  }

  private static StoredTensor stored(FileBytes file, String name, Array array)
      throws TensorFileException {
    if (array.type == null) {
      throw file.damaged(0, "array %s must be filled but is not".formatted(name));
    }
    TensorInfo info = PickledMap.info(file, name, array.type, array.shape);
    long from = array.bytes.position();
    StoredTensor tensor =
        array.columnMajor
            ? StoredTensor.columnMajor(info, from)
            : StoredTensor.rowMajor(info, from);
    return PickledMap.within(file, tensor, from, array.bytes.length());
  }
}
