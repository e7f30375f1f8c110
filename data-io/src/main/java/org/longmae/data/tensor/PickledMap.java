package org.longmae.data.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tensors in what a pickle holds. */
final class PickledMap {
  private static final List<String> NESTS = List.of("model", "state_dict");

  private PickledMap() {}

  /** Makes a stored tensor of what a pickle says of it. */
  interface Place<T> {
    StoredTensor of(String name, T value) throws TensorFileException;
  }

  /**
   * The values of a kind, by their names, in the map named {@code model} or {@code state_dict},
   * else at the top.
   *
   * @throws TensorFileException if there are none
   */
  static <T> List<StoredTensor> tensors(FileBytes file, Object root, Class<T> kind, Place<T> place)
      throws TensorFileException {
    if (!(root instanceof Map<?, ?> top)) {
      throw file.damaged(0, "the pickle must hold a dict but does not");
    }
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<?, ?> entry : nested(top).entrySet()) {
      if (entry.getKey() instanceof String name && kind.isInstance(entry.getValue())) {
        tensors.add(place.of(name, kind.cast(entry.getValue())));
      }
    }
    if (tensors.isEmpty()) {
      throw file.damaged(
          0, "has no tensors: none at the top, in %s".formatted(String.join(" or in ", NESTS)));
    }
    return tensors;
  }

  private static Map<?, ?> nested(Map<?, ?> top) {
    for (String nest : NESTS) {
      if (top.get(nest) instanceof Map<?, ?> inner) {
        return inner;
      }
    }
    return top;
  }

  /**
   * What a tensor is.
   *
   * @throws TensorFileException if it cannot be
   */
  static TensorInfo info(FileBytes file, String name, TensorType type, List<Long> shape)
      throws TensorFileException {
    try {
      return new TensorInfo(name, type, shape.stream().mapToLong(Long::longValue).toArray());
    } catch (IllegalArgumentException e) {
      throw file.damaged(0, e.getMessage());
    }
  }

  /**
   * A tensor whose elements lie within a stretch of the file.
   *
   * @throws TensorFileException if they do not
   */
  static StoredTensor within(FileBytes file, StoredTensor tensor, long from, long bytes)
      throws TensorFileException {
    boolean inside;
    try {
      long size = tensor.info().type().bytes();
      long end = Math.addExact(tensor.position() - from, Math.multiplyExact(tensor.span(), size));
      inside =
          tensor.position() >= from
              && end <= bytes
              && tensor.stride().stream().allMatch(s -> s >= 0);
    } catch (ArithmeticException e) {
      inside = false;
    }
    if (!inside || bytes > file.length() - from) {
      throw file.damaged(
          from,
          "tensor %s must lie within its %d bytes of the file but does not"
              .formatted(tensor.info(), bytes));
    }
    return tensor;
  }
}
