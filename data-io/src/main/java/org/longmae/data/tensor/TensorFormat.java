package org.longmae.data.tensor;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;

/** The formats that files of tensors are written in. The same tensors give the same bytes. */
public enum TensorFormat {
  /** {@code .safetensors}, with a checksum for each tensor in its metadata. */
  SAFETENSORS,

  /** {@code .npz}, as {@code numpy.load} reads it; zip has checksums. */
  NPZ,

  /** {@code .pkl}, as Detectron2 reads it, followed by a checksum. */
  PICKLE;

  /**
   * Writes tensors aside, then renames; an older file of that name is replaced.
   *
   * @param metadata what the file says of itself, where the format has a place for it
   * @throws IOException if the file cannot be written, or a tensor is of a type that the format
   *     lacks
   */
  public void write(FileSystem fs, Path file, List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    Path aside = new Path(file.getParent(), "_" + file.getName() + ".tmp");
    try (FSDataOutputStream out = fs.create(aside, true)) {
      switch (this) {
        case SAFETENSORS -> SafetensorsWriter.write(out, tensors, metadata);
        case NPZ -> NpzWriter.write(out, tensors);
        case PICKLE -> PickleWriter.write(out, tensors);
      }
      out.hsync();
    }
    CommittedFile.replace(fs, aside, file);
  }
}
