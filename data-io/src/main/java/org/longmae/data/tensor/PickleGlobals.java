package org.longmae.data.tensor;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.longmae.data.tensor.Pickled.Array;
import org.longmae.data.tensor.Pickled.ArrayType;
import org.longmae.data.tensor.Pickled.Bytes;
import org.longmae.data.tensor.Pickled.Global;
import org.longmae.data.tensor.Pickled.Ignored;
import org.longmae.data.tensor.Pickled.Storage;
import org.longmae.data.tensor.Pickled.View;

/**
 * The few names of Python's that a file of tensors needs, and what each makes here. A pickle may
 * name any function and have it called; here none is, and other names are refused.
 */
final class PickleGlobals {
  private static final int MOST_AXES = 64;
  private static final String NAMESPACE = "argparse.Namespace";
  private static final String ORDERED = "collections.OrderedDict";
  private static final String DTYPE = "numpy.dtype";
  private static final String NDARRAY = "numpy.ndarray";
  private static final String RECONSTRUCT = "numpy.core.multiarray._reconstruct";
  private static final String FROM_BUFFER = "numpy.core.numeric._frombuffer";

  private static final Map<String, TensorType> STORAGES =
      Map.of(
          "DoubleStorage", TensorType.F64,
          "FloatStorage", TensorType.F32,
          "HalfStorage", TensorType.F16,
          "BFloat16Storage", TensorType.BF16,
          "LongStorage", TensorType.I64,
          "IntStorage", TensorType.I32,
          "ShortStorage", TensorType.I16,
          "CharStorage", TensorType.I8,
          "ByteStorage", TensorType.U8,
          "BoolStorage", TensorType.BOOL);

  private static final Map<String, TensorType> TORCH_TYPES =
      Map.of(
          "torch.float64", TensorType.F64,
          "torch.float32", TensorType.F32,
          "torch.float16", TensorType.F16,
          "torch.bfloat16", TensorType.BF16,
          "torch.int64", TensorType.I64,
          "torch.int32", TensorType.I32,
          "torch.int16", TensorType.I16,
          "torch.int8", TensorType.I8,
          "torch.uint8", TensorType.U8,
          "torch.bool", TensorType.BOOL);

  private PickleGlobals() {}

  /** A name that a pickle may mention; empty if it may not. */
  static Optional<Global> named(String module, String name) {
    String full = module + "." + name;
    String canonical =
        switch (full) {
          case "torch.storage.UntypedStorage",
              "torch.storage._UntypedStorage",
              "torch.UntypedStorage" ->
              "torch.UntypedStorage";
          case "numpy._core.multiarray._reconstruct" -> RECONSTRUCT;
          case "numpy._core.numeric._frombuffer" -> FROM_BUFFER;
          default -> full;
        };
    boolean known =
        switch (canonical) {
          case NAMESPACE,
              ORDERED,
              DTYPE,
              NDARRAY,
              "torch.UntypedStorage",
              "torch._utils._rebuild_tensor",
              "torch._utils._rebuild_tensor_v2",
              "torch._utils._rebuild_tensor_v3",
              "torch._utils._rebuild_parameter",
              RECONSTRUCT,
              FROM_BUFFER ->
              true;
          default ->
              TORCH_TYPES.containsKey(canonical)
                  || module.equals("torch") && STORAGES.containsKey(name);
        };
    return known ? Optional.of(new Global(canonical)) : Optional.empty();
  }

  /** The type of a storage's elements; of an untyped one, bytes. */
  static Optional<TensorType> storage(Global type) {
    return type.name().equals("torch.UntypedStorage")
        ? Optional.of(TensorType.U8)
        : Optional.ofNullable(STORAGES.get(type.name().replace("torch.", "")));
  }

  /** A new object of a class. */
  static Object created(Global type, List<?> arguments) throws IOException {
    if (type.name().equals(NAMESPACE)) {
      return new Ignored(NAMESPACE);
    }
    return called(type, arguments);
  }

  /**
   * What a function makes.
   *
   * @throws IOException if the arguments are not those that PyTorch or NumPy writes
   */
  static Object called(Global function, List<?> arguments) throws IOException {
    try {
      return switch (function.name()) {
        case ORDERED -> ordered(arguments);
        case DTYPE -> new ArrayType((String) arguments.get(0));
        case RECONSTRUCT -> array(arguments);
        case FROM_BUFFER -> {
          Array array = new Array();
          fill(
              array,
              arguments.get(2),
              arguments.get(1),
              arguments.get(3).equals("F"),
              arguments.get(0));
          yield array;
        }
        case "torch._utils._rebuild_parameter" -> (View) arguments.get(0);
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> {
          Storage storage = (Storage) arguments.get(0);
          yield view(storage, storage.type(), arguments);
        }
        case "torch._utils._rebuild_tensor_v3" -> {
          TensorType type = TORCH_TYPES.get(((Global) arguments.get(6)).name());
          yield view((Storage) arguments.get(0), type, arguments);
        }
        default -> throw new IOException("%s is no function".formatted(function.name()));
      };
    } catch (ClassCastException | IndexOutOfBoundsException | NullPointerException e) {
      throw new IOException(
          "%s was given other arguments than it takes".formatted(function.name()));
    }
  }

  /** Fills what was made before, as its class would. */
  static void build(Object made, Object state) throws IOException {
    try {
      if (made instanceof Array array) {
        List<?> parts = (List<?>) state;
        fill(array, parts.get(1), parts.get(2), (Boolean) parts.get(3), parts.get(4));
      } else if (made instanceof ArrayType type) {
        type.bigEndian = ((List<?>) state).get(1).equals(">");
      } else if (!(made instanceof Ignored) && !(made instanceof Map && state instanceof Map)) {
        throw new IOException("an object is filled that takes no state");
      }
    } catch (ClassCastException | IndexOutOfBoundsException | NullPointerException e) {
      throw new IOException("an object is filled with other state than it takes");
    }
  }

  private static Object ordered(List<?> arguments) throws IOException {
    if (!arguments.isEmpty()) {
      throw new IOException("an OrderedDict must be made empty and filled then");
    }
    return new LinkedHashMap<>();
  }

  private static Array array(List<?> arguments) throws IOException {
    if (!arguments.get(0).equals(new Global(NDARRAY))) {
      throw new IOException("only numpy.ndarray is reconstructed");
    }
    return new Array();
  }

  private static void fill(
      Array array, Object shape, Object elements, boolean columnMajor, Object bytes)
      throws IOException {
    ArrayType type = (ArrayType) elements;
    array.type =
        TensorType.ofNumpy("<" + type.name)
            .filter(known -> !type.bigEndian)
            .orElseThrow(
                () -> new IOException("elements of an array must be numbers, little-endian"));
    array.shape = longs(shape);
    array.columnMajor = columnMajor;
    array.bytes = (Bytes) bytes;
  }

  private static View view(Storage storage, TensorType type, List<?> arguments) throws IOException {
    return new View(
        storage,
        Objects.requireNonNull(type),
        (Long) arguments.get(1),
        longs(arguments.get(2)),
        longs(arguments.get(3)));
  }

  private static List<Long> longs(Object list) throws IOException {
    if (((List<?>) list).size() > MOST_AXES) {
      throw new IOException("a tensor must have at most %d axes".formatted(MOST_AXES));
    }
    return ((List<?>) list).stream().map(Long.class::cast).toList();
  }
}
