package org.longmae.data.tensor;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.longmae.data.tensor.Pickled.View;

/**
 * What {@code torch.save} wrote. Since PyTorch 1.6 that is a zip: {@code NAME/data.pkl} describes,
 * {@code NAME/data/KEY} are the storages. Before, it is five pickles (a magic number, the protocol,
 * the machine, what is saved, the keys of its storages) and then each storage: its elements' number
 * as u64, and the elements.
 */
final class TorchIndex {
  static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final String PICKLE = "/data.pkl";
  private static final long PROTOCOL = 1001;
  private static final byte[] LITTLE = {'l', 'i', 't', 't', 'l', 'e'};

  private TorchIndex() {}

  /** Whether a zip's entries are those of a file of PyTorch's. */
  static boolean isIn(Map<String, StoredEntry> entries) {
    return pickle(entries).isPresent();
  }

  private static Optional<String> pickle(Map<String, StoredEntry> entries) {
    return entries.keySet().stream()
        .filter(
            name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
        .findFirst();
  }

  static TensorIndex zipped(FileBytes file, Map<String, StoredEntry> entries) throws IOException {
    String pickle = pickle(entries).orElseThrow();
    String folder = pickle.substring(0, pickle.length() - PICKLE.length() + 1);
    StoredEntry order = entries.get(folder + "byteorder");
    if (order != null
        && (order.bytes() != LITTLE.length
            || !java.util.Arrays.equals(file.at(order.position(), LITTLE.length), LITTLE))) {
      throw file.damaged(order.position(), "numbers must be little-endian but are not");
    }
    StoredEntry described = entries.get(pickle);
    PlacedInput in = new PlacedInput(file, described.position(), described.bytes());
    Object root = new Unpickler(file, in).read();
    return index(file, root, key -> Optional.ofNullable(entries.get(folder + "data/" + key)));
  }

  /** Finds a storage's bytes. */
  private interface Storages {
    Optional<StoredEntry> of(String key);
  }

  private static TensorIndex index(FileBytes file, Object root, Storages storages)
      throws IOException {
    List<StoredTensor> tensors =
        PickledMap.tensors(
            file, root, View.class, (name, view) -> stored(file, name, view, storages));
    return new TensorIndex(tensors, Map.of());
  }

  private static StoredTensor stored(FileBytes file, String name, View view, Storages storages)
      throws TensorFileException {
    StoredEntry storage =
        storages
            .of(view.storage().key())
            .orElseThrow(
                () ->
                    file.damaged(
                        0,
                        "tensor %s lies in storage %s, which is missing"
                            .formatted(name, view.storage().key())));
    TensorInfo info = PickledMap.info(file, name, view.type(), view.shape());
    if (view.stride().size() != view.shape().size() || view.offset() < 0) {
      throw file.damaged(0, "tensor %s must have a stride an axis".formatted(info));
    }
    long size = view.type().bytes();
    long from = storage.position();
    // An offset beyond the file is so whatever its elements' size.
    long position = from + Math.min(view.offset(), file.length()) * size;
    return PickledMap.within(
        file, new StoredTensor(info, position, view.stride()), from, storage.bytes());
  }

  /**
   * The old format, after its magic number.
   *
   * @param in behind it
   */
  static TensorIndex legacy(FileBytes file, PlacedInput in) throws IOException {
    Unpickler pickles = new Unpickler(file, in);
    Object protocol = pickles.read();
    if (!protocol.equals(PROTOCOL)) {
      throw file.damaged(in.position(), "the protocol must be " + PROTOCOL + " but is another");
    }
    boolean little =
        pickles.read() instanceof Map<?, ?> machine
            && Boolean.TRUE.equals(machine.get("little_endian"));
    if (!little) {
      throw file.damaged(in.position(), "numbers must be little-endian but are not");
    }
    Object root = pickles.read();
    Map<String, TensorType> types = pickles.storages();
    Map<String, StoredEntry> entries = new HashMap<>();
    if (!(pickles.read() instanceof List<?> keys)) {
      throw file.damaged(in.position(), "the keys of the storages must follow but do not");
    }
    long position = in.position();
    for (Object key : keys) {
      if (!(key instanceof String name) || !types.containsKey(name)) {
        throw file.damaged(position, "a storage follows that nothing mentions");
      }
      byte[] count = file.at(position, Long.BYTES);
      long elements = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getLong();
      long size = types.get(name).bytes();
      position += Long.BYTES;
      if (elements < 0 || elements > (file.length() - position) / size) {
        throw file.damaged(
            position, "storage %s must fit the file but has %d elements".formatted(name, elements));
      }
      entries.put(name, new StoredEntry(position, elements * size));
      position += elements * size;
    }
    return index(file, root, key -> Optional.ofNullable(entries.get(key)));
  }
}
