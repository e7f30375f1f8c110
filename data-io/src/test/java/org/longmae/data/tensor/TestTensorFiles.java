package org.longmae.data.tensor;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What tests of tensor files share. */
final class TestTensorFiles {
  // Without checksums of its own, which would hide ours.
  private static final FileSystem FS = raw();

  private TestTensorFiles() {}

  static FileSystem fs() {
    return FS;
  }

  private static FileSystem raw() {
    try {
      return FileSystem.getLocal(new Configuration()).getRaw();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A file that PyTorch, NumPy or pickle wrote: docs/peers/tensor_goldens.py. */
  static Path golden(String name) {
    try {
      return new Path(TestTensorFiles.class.getResource("/tensors/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static void overwrite(Path file, byte[] bytes) throws IOException {
    java.nio.file.Files.write(java.nio.file.Path.of(file.toUri().getPath()), bytes);
  }

  /** Tensors of several types and shapes. */
  static List<Tensor> tensors() {
    return List.of(
        Tensor.of("cls_token", new float[] {0.5f, -1.25f, Float.MIN_VALUE, 3e38f}, 1, 1, 4),
        Tensor.of("blocks.0.attn.qkv.weight", sequence(6), 2, 3),
        halves("half", TensorType.F16, 0.5f, -0f, 65504f, 6e-8f),
        Tensor.of("scalar", new float[] {2.5f}),
        Tensor.of("ids", new long[] {1, -1, Long.MAX_VALUE}, 3));
  }

  static Tensor halves(String name, TensorType type, float... values) {
    return Tensor.of(
        new TensorInfo(name, type, values.length),
        (offset, piece) -> System.arraycopy(values, (int) offset, piece, 0, piece.length));
  }

  static float[] sequence(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i / 3f;
    }
    return values;
  }

  /** Name, type, shape and bits of all that is readable as floats. */
  static List<String> contents(Path path) throws IOException {
    try (TensorFile file = TensorFile.open(fs(), path)) {
      return file.tensors().stream().map(info -> info + bits(file, info)).toList();
    }
  }

  private static String bits(TensorFile file, TensorInfo info) {
    if (!info.type().isFloat()) {
      return "";
    }
    try {
      StringBuilder bits = new StringBuilder();
      for (float value : file.floats(info.name())) {
        bits.append(' ').append(Integer.toHexString(Float.floatToRawIntBits(value)));
      }
      return bits.toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static final Map<String, String> METADATA = Map.of("step", "7", "config", "a { b = \"c\" }");
}
