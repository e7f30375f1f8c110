package org.longmae.data.tensor;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.longmae.data.tensor.Pickled.Bytes;
import org.longmae.data.tensor.Pickled.Global;
import org.longmae.data.tensor.Pickled.None;
import org.longmae.data.tensor.Pickled.Storage;

/**
 * Reads a pickle that PyTorch or NumPy wrote, protocols 2 to 5, and makes of it maps, lists,
 * strings, numbers and {@link Pickled}. Executes nothing: names that are not among {@link
 * PickleGlobals} are refused, so are operations that those writers do not use. Byte strings are
 * passed over and known by their place. At most {@value #MOST_OPERATIONS} operations are read, and
 * strings of {@value #LONGEST_STRING} bytes, so memory is bounded whatever the file says.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">the operations</a>
 */
final class Unpickler {
  static final int MOST_OPERATIONS = 1_000_000;
  static final int LONGEST_STRING = 1 << 20;
  private static final long MOST_STRING_BYTES = 16 << 20;

  private final FileBytes file;
  private final PlacedInput in;
  private final Deque<List<Object>> marked = new ArrayDeque<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private final Map<String, TensorType> storages = new HashMap<>();
  private List<Object> stack = new ArrayList<>();
  private long stringBytes;
  private long place;

  /**
   * A reader of pickles that follow each other.
   *
   * @param in where they begin
   */
  Unpickler(FileBytes file, PlacedInput in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Reads one pickle.
   *
   * @throws TensorFileException if it is damaged or not one of tensors alone
   */
  Object read() throws IOException {
    stack = new ArrayList<>();
    marked.clear();
    memo.clear();
    try {
      for (int operations = 0; operations < MOST_OPERATIONS; operations++) {
        place = in.position();
        int operation = in.data().readUnsignedByte();
        if (operation == '.') {
          return pop();
        }
        step(operation);
      }
      throw refused("more than %d operations".formatted(MOST_OPERATIONS));
    } catch (EOFException e) {
      throw refused("the file ends in the middle of a pickle");
    } catch (TensorFileException e) {
      throw e;
    } catch (IndexOutOfBoundsException | ClassCastException e) {
      throw refused("an operation finds not what it works on");
    }
  }

  /** The storages that were mentioned so far, by their keys. */
  Map<String, TensorType> storages() {
    return storages;
  }

  private void step(int operation) throws IOException {
    DataInputStream data = in.data();
    switch (operation) {
      case 0x80 -> requireProtocol(data.readUnsignedByte());
      case 0x95 -> in.skip(Long.BYTES); // FRAME
      case '}' -> stack.add(new LinkedHashMap<>());
      case ']' -> stack.add(new ArrayList<>());
      case ')' -> stack.add(List.of());
      case '(' -> {
        marked.push(stack);
        stack = new ArrayList<>();
      }
      case 't' -> {
        List<Object> items = popMark();
        stack.add(Collections.unmodifiableList(items));
      }
      case 0x85, 0x86, 0x87 -> tuple(operation - 0x84);
      case 'q' -> memo.put((long) data.readUnsignedByte(), top());
      case 'r' -> memo.put(unsigned(data), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> stack.add(remembered(data.readUnsignedByte()));
      case 'j' -> stack.add(remembered(unsigned(data)));
      case 'X' -> stack.add(text(unsigned(data)));
      case 0x8c -> stack.add(text(data.readUnsignedByte()));
      case 0x8d -> stack.add(text(Long.reverseBytes(data.readLong())));
      case 'U', 'C' -> stack.add(bytes(data.readUnsignedByte()));
      case 'T', 'B' -> stack.add(bytes(unsigned(data)));
      case 0x8e, 0x96 -> stack.add(bytes(Long.reverseBytes(data.readLong())));
      case 'J' -> stack.add((long) Integer.reverseBytes(data.readInt()));
      case 'K' -> stack.add((long) data.readUnsignedByte());
      case 'M' -> stack.add((long) (data.readUnsignedByte() | data.readUnsignedByte() << 8));
      case 0x8a -> stack.add(whole(data.readUnsignedByte()));
      case 'G' -> stack.add(data.readDouble());
      case 'N' -> stack.add(None.NONE);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 's' -> {
        Object value = pop();
        put(pop(), value);
      }
      case 'u' -> {
        List<Object> items = popMark();
        for (int i = 0; i < items.size(); i += 2) {
          put(items.get(i), items.get(i + 1));
        }
      }
      case 'a' -> {
        Object value = pop();
        list().add(value);
      }
      case 'e' -> {
        List<Object> items = popMark();
        list().addAll(items);
      }
      case 'c' -> stack.add(global(line(), line()));
      case 0x93 -> {
        String name = (String) pop();
        stack.add(global((String) pop(), name));
      }
      case 'Q' -> stack.add(storage((List<?>) pop()));
      case 'R', 0x81 -> call(operation == 0x81);
      case 'b' -> {
        Object state = pop();
        explained(() -> PickleGlobals.build(top(), state));
      }
      default ->
          throw refused("operation %02x is not one of a file of tensors".formatted(operation));
    }
  }

  private void requireProtocol(int protocol) throws TensorFileException {
    if (protocol < 2 || protocol > 5) {
      throw refused("protocol must be 2 to 5 but was " + protocol);
    }
  }

  private void tuple(int items) {
    List<Object> last = stack.subList(stack.size() - items, stack.size());
    List<Object> tuple = List.copyOf(last);
    last.clear();
    stack.add(tuple);
  }

  private void call(boolean create) throws IOException {
    List<?> arguments = (List<?>) pop();
    Global function = (Global) pop();
    explained(
        () ->
            stack.add(
                create
                    ? PickleGlobals.created(function, arguments)
                    : PickleGlobals.called(function, arguments)));
  }

  /** Something that fails with a reason. */
  private interface Attempt {
    void run() throws IOException;
  }

  private void explained(Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (IOException e) {
      throw refused(e.getMessage());
    }
  }

  private Global global(String module, String name) throws TensorFileException {
    return PickleGlobals.named(module, name)
        .orElseThrow(
            () ->
                refused(
                    "names %s.%s; only what makes up tensors is read, and nothing is executed"
                        .formatted(module, name)));
  }

  /** ("storage", type, key, device, elements, …) as PyTorch's persistent ids are. */
  private Storage storage(List<?> id) throws TensorFileException {
    if (!id.get(0).equals("storage")) {
      throw refused("a persistent id must be of a storage but is of something else");
    }
    Global named = (Global) id.get(1);
    TensorType type =
        PickleGlobals.storage(named).orElseThrow(() -> refused(named.name() + " is no storage"));
    Storage storage = new Storage(type, (String) id.get(2), (Long) id.get(4));
    TensorType before = storages.put(storage.key(), type);
    if (before != null && before != type) {
      throw refused("storage %s has two types".formatted(storage.key()));
    }
    return storage;
  }

  @SuppressWarnings("unchecked")
  private void put(Object key, Object value) throws TensorFileException {
    if (!(key instanceof String || key instanceof Long)) {
      throw refused("a key must be a string or a number");
    }
    ((Map<Object, Object>) top()).put(key, value);
  }

  @SuppressWarnings("unchecked")
  private List<Object> list() throws TensorFileException {
    if (!(top() instanceof ArrayList)) {
      throw refused("something is appended to what is no list");
    }
    return (List<Object>) top();
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private List<Object> popMark() throws TensorFileException {
    if (marked.isEmpty()) {
      throw refused("a mark is missing");
    }
    List<Object> items = stack;
    stack = marked.pop();
    return items;
  }

  private Object remembered(long key) throws TensorFileException {
    Object value = memo.get(key);
    if (value == null) {
      throw refused("number %d is remembered nowhere before".formatted(key));
    }
    return value;
  }

  private Bytes bytes(long length) throws IOException {
    Bytes bytes = new Bytes(in.position(), length);
    in.skip(length);
    return bytes;
  }

  private String text(long length) throws IOException {
    stringBytes += length;
    if (length < 0 || length > LONGEST_STRING || stringBytes > MOST_STRING_BYTES) {
      throw refused("a string of %d bytes is too long".formatted(length));
    }
    return new String(in.take((int) length), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.data().readUnsignedByte();
        next != '\n';
        next = in.data().readUnsignedByte()) {
      if (line.length() == 255) {
        throw refused("a name is longer than 255 bytes");
      }
      line.append((char) next);
    }
    return line.toString();
  }

  /** A whole number of any length, lowest byte first; one beyond 64 bits is of no use here. */
  private Object whole(int length) throws IOException {
    byte[] bytes = in.take(length);
    for (int i = 0; i < length / 2; i++) {
      byte swapped = bytes[i];
      bytes[i] = bytes[length - 1 - i];
      bytes[length - 1 - i] = swapped;
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private static long unsigned(DataInputStream data) throws IOException {
    return Integer.toUnsignedLong(Integer.reverseBytes(data.readInt()));
  }

  private TensorFileException refused(String reason) {
    return file.damaged(place, reason);
  }
}
