package org.longmae.data.tensor;

import java.util.List;

/** What a pickle of tensors is made of, beside numbers, strings, lists and maps. */
sealed interface Pickled {
  /** A byte string that was passed over. */
  record Bytes(long position, long length) implements Pickled {}

  /** A name of Python's that the pickle mentions. */
  record Global(String name) implements Pickled {}

  /**
   * Elements that lie elsewhere.
   *
   * @param key by which they are found
   * @param elements as the pickle states them
   */
  record Storage(TensorType type, String key, long elements) implements Pickled {}

  /**
   * A view of a storage.
   *
   * @param offset of its first element, in elements
   */
  record View(Storage storage, TensorType type, long offset, List<Long> shape, List<Long> stride)
      implements Pickled {}

  /** An array of NumPy's, which is filled after it is made. */
  final class Array implements Pickled {
    List<Long> shape = List.of();
    TensorType type;
    boolean columnMajor;
    Bytes bytes;
  }

  /** A type of NumPy's, whose byte order follows. */
  final class ArrayType implements Pickled {
    final String name;
    boolean bigEndian;

    ArrayType(String name) {
      this.name = name;
    }
  }

  /** Something that is kept for nobody, such as a run's arguments. */
  record Ignored(String name) implements Pickled {}

  /** Python's None. */
  enum None implements Pickled {
    NONE
  }
}
