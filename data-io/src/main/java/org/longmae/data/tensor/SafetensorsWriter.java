package org.longmae.data.tensor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Writes safetensors: the header's length (u64), a JSON header of name, type, shape and offsets,
 * then the tensors without gaps. The format has no checksums; they are put into the header's
 * metadata, which other readers pass over: {@link SafetensorsIndex#CHECKSUMS}.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
final class SafetensorsWriter {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SafetensorsWriter() {}

  static void write(OutputStream out, List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = MAPPER.createObjectNode();
    // In an order: the same tensors must give the same file.
    Map<String, String> described = new TreeMap<>(metadata);
    ObjectNode checksums = MAPPER.createObjectNode();
    header.putObject("__metadata__");
    long offset = 0;
    for (Tensor tensor : tensors) {
      TensorInfo info = tensor.info();
      ObjectNode entry = header.putObject(info.name()).put("dtype", info.type().name());
      entry.set("shape", MAPPER.valueToTree(info.shape()));
      entry.putArray("data_offsets").add(offset).add(offset + info.bytes());
      offset += info.bytes();
      CRC32C crc = new CRC32C();
      tensor.into(crc::update);
      checksums.put(info.name(), SafetensorsIndex.hex(crc));
    }
    checksums.put(
        SafetensorsIndex.HEADER,
        SafetensorsIndex.headerChecksum(tensors.stream().map(Tensor::info).toList(), described));
    described.put(SafetensorsIndex.CHECKSUMS, MAPPER.writeValueAsString(checksums));
    header.set("__metadata__", MAPPER.valueToTree(described));
    byte[] text = MAPPER.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(padded).put(text);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    out.write(start.array());
    for (Tensor tensor : tensors) {
      tensor.into(out::write);
    }
  }
}
