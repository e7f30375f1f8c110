package org.longmae.data.tensor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code numpy.savez} wrote: a zip of {@code NAME.npy}. */
final class NpzIndex {
  static final String ENDING = ".npy";

  private NpzIndex() {}

  static TensorIndex of(FileBytes file, Map<String, StoredEntry> entries) throws IOException {
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, StoredEntry> entry : entries.entrySet()) {
      tensors.add(tensor(file, entry.getKey(), entry.getValue()));
    }
    return new TensorIndex(tensors, Map.of());
  }

  private static StoredTensor tensor(FileBytes file, String entry, StoredEntry stored)
      throws IOException {
    if (!entry.endsWith(ENDING)) {
      throw file.damaged(
          stored.position(), "entry %s must be an array, NAME%s".formatted(entry, ENDING));
    }
    byte[] start =
        file.at(stored.position(), (int) Math.min(stored.bytes(), NumpyHeader.MOST_BYTES));
    NumpyHeader.Read read =
        NumpyHeader.read(start)
            .orElseThrow(
                () -> file.damaged(stored.position(), "entry %s is no .npy".formatted(entry)));
    String descr = read.header().type();
    TensorType type =
        TensorType.ofNumpy(descr)
            .orElseThrow(
                () ->
                    file.damaged(
                        stored.position(),
                        "entry %s must be of numbers, little-endian, but is %s"
                            .formatted(entry, descr)));
    String name = entry.substring(0, entry.length() - ENDING.length());
    List<Long> shape = java.util.Arrays.stream(read.header().shape()).boxed().toList();
    TensorInfo info = PickledMap.info(file, name, type, shape);
    long from = stored.position() + read.bytes();
    if (info.bytes() != stored.bytes() - read.bytes()) {
      throw file.damaged(
          from,
          "array %s must have %d bytes but has %d"
              .formatted(info, info.bytes(), stored.bytes() - read.bytes()));
    }
    return read.header().columnMajor()
        ? StoredTensor.columnMajor(info, from)
        : StoredTensor.rowMajor(info, from);
  }
}
