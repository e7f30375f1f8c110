package org.longmae.jobs.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.tensor.Tensor;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorFileException;
import org.longmae.data.tensor.TensorFormat;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.data.tensor.TensorType;
import org.longmae.model.MaeEngine;
import org.longmae.model.ParameterLayout;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;
import org.longmae.model.TrainingEngine.FixedTensor;

/**
 * A model's weights as a safetensors file: fp32, names of the MAE/timm state dict, the two position
 * tables included, so that consumers need nothing else.
 */
public final class Safetensors {
  private static final int PIECE_FLOATS = 1 << 20;

  private Safetensors() {}

  /**
   * Writes weights of the engine and its position tables.
   *
   * @param vector which weights: the parameters or their average
   * @param metadata provenance, kept in the header
   */
  public static void write(
      FileSystem fs,
      Path file,
      TrainingEngine engine,
      StateVector vector,
      Map<String, String> metadata)
      throws IOException {
    Source source = (offset, piece) -> engine.read(vector, offset, piece);
    write(fs, file, engine.layout(), source, engine.fixedTensors(), metadata);
  }

  /** Gives pieces of a flat vector. */
  public interface Source {
    /** Fills the piece with the elements from {@code offset} on. */
    void read(long offset, float[] piece) throws IOException;
  }

  /** Writes weights that come from anywhere, and what belongs to them. */
  public static void write(
      FileSystem fs,
      Path file,
      ParameterLayout layout,
      Source weights,
      List<FixedTensor> fixed,
      Map<String, String> metadata)
      throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (ParameterLayout.Entry entry : layout.entries()) {
      tensors.add(
          Tensor.of(
              new TensorInfo(entry.name(), TensorType.F32, entry.shape()),
              (offset, piece) -> weights.read(entry.offset() + offset, piece)));
    }
    for (FixedTensor tensor : fixed) {
      tensors.add(Tensor.of(tensor.name(), tensor.values(), tensor.shape()));
    }
    TensorFormat.SAFETENSORS.write(fs, file, tensors, metadata);
  }

  /**
   * Loads the parameters of a file that {@link #write} made for a model of the same shape. The
   * position tables are functions of the shape and are not read.
   *
   * @throws IOException if the file is torn or a tensor is missing or of another shape
   */
  public static void read(FileSystem fs, Path file, MaeEngine engine) throws IOException {
    read(
        fs,
        file,
        engine.layout(),
        (offset, piece) -> engine.write(StateVector.PARAMETERS, offset, piece));
  }

  /** Takes pieces of a flat vector. */
  public interface Sink {
    /** Takes the elements from {@code offset} on. */
    void write(long offset, float[] piece);
  }

  /**
   * Reads the parameters of a layout, which may be a part of what the file has.
   *
   * @throws IOException if the file is torn or a tensor is missing or of another shape
   */
  public static void read(FileSystem fs, Path file, ParameterLayout layout, Sink into)
      throws IOException {
    try (TensorFile tensors = TensorFile.open(fs, file)) {
      for (ParameterLayout.Entry entry : layout.entries()) {
        requireShape(file, tensors, entry);
        for (long done = 0; done < entry.length(); done += PIECE_FLOATS) {
          float[] piece = new float[(int) Math.min(PIECE_FLOATS, entry.length() - done)];
          tensors.read(entry.name(), done, piece);
          into.write(entry.offset() + done, piece);
        }
      }
    }
  }

  private static void requireShape(Path file, TensorFile tensors, ParameterLayout.Entry entry)
      throws TensorFileException {
    String found = tensors.tensor(entry.name()).map(TensorInfo::toString).orElse("missing");
    TensorInfo expected = new TensorInfo(entry.name(), TensorType.F32, entry.shape());
    if (!found.equals(expected.toString())) {
      throw new TensorFileException(
          "[%s] %s must be F32 of shape %s but was %s"
              .formatted(file, entry.name(), Arrays.toString(entry.shape()), found));
    }
  }
}
