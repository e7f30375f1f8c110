package org.longmae.data.tensor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of named tensors, open for reading: safetensors, PyTorch's {@code .pth} (both of its
 * formats), NumPy's {@code .npz}, or a pickle of NumPy arrays as Detectron2 reads it. The format is
 * told by the content. Opening reads the index and what checksums there are; tensors are read in
 * pieces when asked for. Nothing in a file is executed.
 *
 * <p>Of a {@code .pth} or {@code .pkl} the tensors are those of the map named {@code model} or
 * {@code state_dict} in it, else those at its top; what else it has is passed over.
 */
public final class TensorFile implements Closeable {
  /** Elements that lie apart are gathered in memory; tensors of weights are far smaller. */
  private static final long LARGEST_SPAN = 1 << 30;

  private final FileBytes file;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata;

  private TensorFile(FileBytes file, TensorIndex index) {
    this.file = file;
    for (StoredTensor tensor : index.tensors()) {
      tensors.put(tensor.info().name(), tensor);
    }
    metadata = Map.copyOf(index.metadata());
  }

  /**
   * Opens a file.
   *
   * @throws TensorFileException if it is damaged, of another format, or holds what is no tensor
   */
  public static TensorFile open(FileSystem fs, Path path) throws IOException {
    long length = fs.getFileStatus(path).getLen();
    FSDataInputStream in = fs.open(path);
    try {
      FileBytes file = new FileBytes(path.toString(), in, length);
      return new TensorFile(file, index(fs, path, file));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static TensorIndex index(FileSystem fs, Path path, FileBytes file) throws IOException {
    byte[] start = file.at(0, (int) Math.min(file.length(), Long.BYTES + 1));
    if (SafetensorsIndex.isStart(start, file.length())) {
      return SafetensorsIndex.read(file);
    }
    int first = start.length < 4 ? 0 : ByteBuffer.wrap(start).getInt();
    if (first == 0x504b0304) {
      Map<String, StoredEntry> entries = StoredEntry.of(fs, path, file);
      return TorchIndex.isIn(entries)
          ? TorchIndex.zipped(file, entries)
          : NpzIndex.of(file, entries);
    }
    if (first >>> 24 == 0x80) {
      return PickleIndex.read(file);
    }
    if (path.getName().endsWith(".safetensors")) {
      // For its message.
      return SafetensorsIndex.read(file);
    }
    throw file.damaged(
        0, "must be safetensors, .pth, .npz or .pkl but begins with %08x".formatted(first));
  }

  /** What it holds, in the file's order. */
  public List<TensorInfo> tensors() {
    return tensors.values().stream().map(StoredTensor::info).toList();
  }

  /** One of them; empty if there is none of that name. */
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name)).map(StoredTensor::info);
  }

  /** What safetensors says of itself; empty for other formats. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Reads the elements [offset, offset + into.length) of a tensor, row-major; of F64 the nearest
   * floats.
   *
   * @throws TensorFileException if it is no tensor of floats
   */
  public void read(String name, long offset, float[] into) throws IOException {
    StoredTensor tensor = stored(name);
    TensorType type = tensor.info().type();
    if (!type.isFloat()) {
      throw file.damaged(
          tensor.position(), "tensor %s must be of floats but is %s".formatted(name, type));
    }
    ByteBuffer bytes = bytes(tensor, offset, into.length);
    if (type == TensorType.F32) {
      bytes.asFloatBuffer().get(into);
    } else {
      for (int i = 0; i < into.length; i++) {
        into[i] = type.decode(bytes);
      }
    }
  }

  /**
   * Reads elements of a tensor of 64-bit whole numbers.
   *
   * @throws TensorFileException if it is another
   */
  public void read(String name, long offset, long[] into) throws IOException {
    StoredTensor tensor = stored(name);
    if (tensor.info().type() != TensorType.I64) {
      throw file.damaged(
          tensor.position(),
          "tensor %s must be I64 but is %s".formatted(name, tensor.info().type()));
    }
    bytes(tensor, offset, into.length).asLongBuffer().get(into);
  }

  /** All elements of a tensor that fits an array. */
  public float[] floats(String name) throws IOException {
    float[] values = new float[Math.toIntExact(stored(name).info().elements())];
    read(name, 0, values);
    return values;
  }

  @Override
  public void close() throws IOException {
    file.in().close();
  }

  private StoredTensor stored(String name) throws TensorFileException {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw file.damaged(0, "has no tensor %s".formatted(name));
    }
    return tensor;
  }

  private ByteBuffer bytes(StoredTensor tensor, long offset, int count) throws IOException {
    if (offset < 0 || count > tensor.info().elements() - offset) {
      throw new IndexOutOfBoundsException(
          "%s has no elements %d to %d".formatted(tensor.info(), offset, offset + count));
    }
    int size = tensor.info().type().bytes();
    if (tensor.isRowMajor()) {
      byte[] bytes = file.at(tensor.position() + offset * size, Math.multiplyExact(count, size));
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    long span = tensor.span() * size;
    if (span > LARGEST_SPAN) {
      throw file.damaged(
          tensor.position(),
          "%s must lie in one piece or within %d bytes".formatted(tensor.info(), LARGEST_SPAN));
    }
    byte[] all = file.at(tensor.position(), (int) span);
    ByteBuffer gathered = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
    for (long element = offset; element < offset + count; element++) {
      gathered.put(all, (int) tensor.placeOf(element) * size, size);
    }
    return gathered.flip();
  }
}
