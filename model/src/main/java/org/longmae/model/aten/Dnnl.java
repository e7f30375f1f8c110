package org.longmae.model.aten;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * oneDNN on the processor, called directly: its primitives, each made once for a shape, and the
 * scratch that they share.
 *
 * <p>Why not through ATen, which has it inside: docs/decisions/0015-onednn-called-directly.md.
 */
final class Dnnl implements AutoCloseable {
  private final dnnl_engine engine = new dnnl_engine();
  private final dnnl_stream stream = new dnnl_stream();
  private final Map<Object, DnnlPrimitive> primitives = new HashMap<>();

  private final Room scratch = new Room();
  private final Room packed = new Room();

  Dnnl() {
    check(dnnl_engine_create(engine, dnnl_cpu, 0), "an engine");
    check(dnnl_stream_create(stream, engine, dnnl_stream_default_flags), "a stream");
  }

  /** Whether it is called on this platform; on others it was never tried. */
  static boolean isHere() {
    return Loader.getPlatform().endsWith("-x86_64");
  }

  /** Whether it is called on this machine for a type of operands. */
  static boolean serves(ScalarType type) {
    return isHere() && (type == ScalarType.Float || (type == ScalarType.BFloat16 && takesBf16()));
  }

  /** It refuses bf16 on processors without AVX-512, where ATen has kernels of its own. */
  private static boolean takesBf16() {
    AtenLibrary.load();
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
  }

  /** Throws if a call failed. */
  static void check(int status, String what) {
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN cannot make " + what + ": status " + status);
    }
  }

  dnnl_engine engine() {
    return engine;
  }

  dnnl_stream stream() {
    return stream;
  }

  /**
   * A primitive, made at the first call with this key.
   *
   * @param key all that it depends on
   */
  DnnlPrimitive primitive(Record key, Supplier<DnnlPrimitive> make) {
    DnnlPrimitive primitive = primitives.get(key);
    if (primitive == null) {
      primitive = make.get();
      primitives.put(key, primitive);
    }
    return primitive;
  }

  /** Memory for one call of a primitive. */
  Pointer scratch(long bytes) {
    return scratch.of(bytes);
  }

  /** Memory for an operand that one call of a primitive reads. */
  Pointer packed(long bytes) {
    return packed.of(bytes);
  }

  /** Memory that grows to the most that was asked for, aligned as oneDNN likes it. */
  private static final class Room {
    private Tensor bytes;

    Pointer of(long count) {
      if (bytes == null || bytes.numel() < count) {
        release();
        try (TensorOptions type = new TensorOptions(ScalarType.Byte)) {
          bytes = torch.empty(new long[] {count}, type, null);
        }
      }
      return bytes.data_ptr();
    }

    void release() {
      if (bytes != null) {
        bytes.close();
        bytes = null;
      }
    }
  }

  /** Lets go of what is kept for reuse. */
  void trim() {
    primitives.values().forEach(DnnlPrimitive::close);
    primitives.clear();
    scratch.release();
    packed.release();
  }

  @Override
  public void close() {
    trim();
    if (!stream.isNull()) { // Closing twice is harmless.
      dnnl_stream_destroy(stream);
      dnnl_engine_destroy(engine);
      stream.setNull();
      engine.setNull();
    }
  }
}
