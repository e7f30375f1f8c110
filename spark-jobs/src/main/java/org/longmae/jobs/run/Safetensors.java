package org.longmae.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;
import org.longmae.model.MaeEngine;
import org.longmae.model.ParameterLayout;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

/**
 * A model's weights as a safetensors file: fp32, names of the MAE/timm state dict, the two position
 * tables included, so that consumers need nothing else.
 *
 * <p>The file is the header's length (u64, little-endian), a JSON header of name, type, shape and
 * offsets, then the tensors without gaps. Written aside and renamed.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long HEADER_LIMIT = 100_000_000;
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
    Path aside = new Path(file.getParent(), "_" + file.getName() + ".tmp");
    try (FSDataOutputStream out = fs.create(aside, true)) {
      byte[] header = header(engine, metadata);
      out.write(littleEndian(Long.BYTES).putLong(header.length).array());
      out.write(header);
      for (ParameterLayout.Entry entry : engine.layout().entries()) {
        writeParameter(out, engine, vector, entry);
      }
      for (TrainingEngine.FixedTensor tensor : engine.fixedTensors()) {
        out.write(bytes(tensor.values()));
      }
    }
    CommittedFile.replace(fs, aside, file);
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
    try (FSDataInputStream in = fs.open(file)) {
      long length = fs.getFileStatus(file).getLen();
      byte[] prefix = new byte[Long.BYTES];
      in.readFully(0, prefix);
      long headerLength = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (headerLength < 2 || headerLength > Math.min(HEADER_LIMIT, length - Long.BYTES)) {
        throw new IOException(
            "[" + file + "] header length must fit the file but was " + headerLength);
      }
      byte[] header = new byte[(int) headerLength];
      in.readFully(Long.BYTES, header);
      JsonNode tensors = MAPPER.readTree(header);
      long data = Long.BYTES + headerLength;
      for (ParameterLayout.Entry entry : layout.entries()) {
        readParameter(in, file, data, tensors.path(entry.name()), entry, into);
      }
    }
  }

  private static void writeParameter(
      DataOutput out, TrainingEngine engine, StateVector vector, ParameterLayout.Entry entry)
      throws IOException {
    long end = entry.offset() + entry.length();
    for (long offset = entry.offset(); offset < end; offset += PIECE_FLOATS) {
      float[] piece = new float[(int) Math.min(PIECE_FLOATS, end - offset)];
      engine.read(vector, offset, piece);
      out.write(bytes(piece));
    }
  }

  private static void readParameter(
      FSDataInputStream in,
      Path file,
      long data,
      JsonNode tensor,
      ParameterLayout.Entry entry,
      Sink into)
      throws IOException {
    long[] shape = MAPPER.convertValue(tensor.path("shape"), long[].class);
    if (!tensor.path("dtype").asText().equals("F32") || !Arrays.equals(shape, entry.shape())) {
      throw new IOException(
          String.format(
              "[%s] %s must be F32 of shape %s but was %s",
              file, entry.name(), Arrays.toString(entry.shape()), tensor));
    }
    long begin = data + tensor.path("data_offsets").path(0).asLong();
    for (long done = 0; done < entry.length(); done += PIECE_FLOATS) {
      byte[] bytes = new byte[(int) Math.min(PIECE_FLOATS, entry.length() - done) * Float.BYTES];
      in.readFully(begin + done * Float.BYTES, bytes);
      float[] piece = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(piece);
      into.write(entry.offset() + done, piece);
    }
  }

  private static byte[] header(TrainingEngine engine, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = MAPPER.createObjectNode();
    header.set("__metadata__", MAPPER.valueToTree(metadata));
    long offset = 0;
    for (ParameterLayout.Entry entry : engine.layout().entries()) {
      offset = describe(header, entry.name(), entry.shape(), offset);
    }
    for (TrainingEngine.FixedTensor tensor : engine.fixedTensors()) {
      offset = describe(header, tensor.name(), tensor.shape(), offset);
    }
    String text = MAPPER.writeValueAsString(header);
    int padding = (Long.BYTES - text.length() % Long.BYTES) % Long.BYTES;
    return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static long describe(ObjectNode header, String name, long[] shape, long offset) {
    long end = offset + Arrays.stream(shape).reduce(1, Math::multiplyExact) * Float.BYTES;
    ObjectNode tensor = header.putObject(name).put("dtype", "F32");
    tensor.set("shape", MAPPER.valueToTree(shape));
    tensor.putArray("data_offsets").add(offset).add(end);
    return end;
  }

  private static byte[] bytes(float[] floats) {
    ByteBuffer buffer = littleEndian(floats.length * Float.BYTES);
    buffer.asFloatBuffer().put(floats);
    return buffer.array();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
