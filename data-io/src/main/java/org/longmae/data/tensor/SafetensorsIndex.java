package org.longmae.data.tensor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * The header of a safetensors file, read as strictly as the format says: names once, known types,
 * sizes that are those of the shapes, and tensors that fill the rest of the file without gap or
 * overlap. Where the metadata has {@link #CHECKSUMS}, all must be right.
 */
final class SafetensorsIndex {
  /** Key of the metadata whose value is a JSON object: a CRC-32C in hex by name of tensor. */
  static final String CHECKSUMS = "crc32c";

  /** Name in {@link #CHECKSUMS} for names, types, shapes and the other metadata. */
  static final String HEADER = "__header__";

  private static final String METADATA = "__metadata__";
  private static final long HEADER_LIMIT = 100_000_000;
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final FileBytes file;
  private final List<StoredTensor> tensors = new ArrayList<>();
  private final Map<String, String> metadata = new TreeMap<>();

  private SafetensorsIndex(FileBytes file) {
    this.file = file;
  }

  /** Whether a file that begins so is to be read as safetensors. */
  static boolean isStart(byte[] start, long length) {
    if (start.length <= Long.BYTES || start[Long.BYTES] != '{') {
      return false;
    }
    long header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return header >= 2 && header <= length - Long.BYTES;
  }

  static TensorIndex read(FileBytes file) throws IOException {
    SafetensorsIndex index = new SafetensorsIndex(file);
    index.read();
    return new TensorIndex(index.tensors, index.metadata);
  }

  private void read() throws IOException {
    if (file.length() < Long.BYTES) {
      throw file.damaged(0, "must begin with 8 bytes of the header's length but has fewer");
    }
    byte[] prefix = file.at(0, Long.BYTES);
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(HEADER_LIMIT, file.length() - Long.BYTES);
    if (length < 2 || length > most) {
      throw file.damaged(0, "header length must be 2 to %d but was %d".formatted(most, length));
    }
    JsonNode header = parse(file.at(Long.BYTES, (int) length), Long.BYTES);
    long data = Long.BYTES + length;
    for (Iterator<Map.Entry<String, JsonNode>> entries = header.fields(); entries.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = entries.next();
      if (entry.getKey().equals(METADATA)) {
        takeMetadata(entry.getValue());
      } else {
        tensors.add(tensor(entry.getKey(), entry.getValue(), data));
      }
    }
    checkPlaces(data);
    checkSums();
  }

  private JsonNode parse(byte[] json, long place) throws IOException {
    if (json.length == 0 || json[0] != '{') {
      throw file.damaged(place, "header must begin with { but does not");
    }
    try {
      // As text: of bytes, Jackson would guess the encoding.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      return MAPPER.readTree(text);
    } catch (CharacterCodingException e) {
      throw file.damaged(place, "header must be UTF-8 but is not");
    } catch (JsonProcessingException | StackOverflowError e) {
      String reason =
          e instanceof JsonProcessingException bad ? bad.getOriginalMessage() : "nested too deeply";
      throw file.damaged(place, "header is no JSON object with each name once: " + reason);
    }
  }

  private void takeMetadata(JsonNode values) throws IOException {
    for (Iterator<Map.Entry<String, JsonNode>> entries = values.fields(); entries.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = entries.next();
      if (!entry.getValue().isTextual()) {
        throw file.damaged(
            Long.BYTES, "metadata %s must be a string but was %s".formatted(entry.getKey(), entry));
      }
      metadata.put(entry.getKey(), entry.getValue().asText());
    }
  }

  private StoredTensor tensor(String name, JsonNode entry, long data) throws IOException {
    TensorType type =
        TensorType.named(entry.path("dtype").asText())
            .orElseThrow(() -> bad(name, "dtype", "one of those of the format", entry));
    JsonNode offsets = entry.path("data_offsets");
    if (!offsets.isArray() || offsets.size() != 2 || !areNaturals(offsets)) {
      throw bad(name, "data_offsets", "two numbers", entry);
    }
    JsonNode shape = entry.path("shape");
    if (!shape.isArray() || !areNaturals(shape)) {
      throw bad(name, "shape", "a list of numbers", entry);
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    TensorInfo info;
    try {
      info = new TensorInfo(name, type, MAPPER.convertValue(shape, long[].class));
    } catch (IllegalArgumentException e) {
      throw bad(name, "shape", "of at most 2⁶³ − 1 bytes", entry);
    }
    if (begin > end || end > file.length() - data || end - begin != info.bytes()) {
      throw bad(
          name,
          "data_offsets",
          "%d bytes apart and within %d".formatted(info.bytes(), file.length() - data),
          entry);
    }
    return StoredTensor.rowMajor(info, data + begin);
  }

  private static boolean areNaturals(JsonNode list) {
    for (JsonNode number : list) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        return false;
      }
    }
    return true;
  }

  private TensorFileException bad(String name, String key, String rule, JsonNode entry) {
    return file.damaged(
        Long.BYTES, "%s of tensor %s must be %s but was %s".formatted(key, name, rule, entry));
  }

  private void checkPlaces(long data) throws IOException {
    long end = data;
    List<StoredTensor> placed =
        tensors.stream()
            .sorted(
                Comparator.comparingLong(StoredTensor::position)
                    .thenComparingLong(tensor -> tensor.info().bytes()))
            .toList();
    for (StoredTensor tensor : placed) {
      if (tensor.position() != end) {
        throw file.damaged(
            tensor.position(),
            "tensor %s must begin at byte %d, where the one before ends, but begins at %d"
                .formatted(tensor.info().name(), end, tensor.position()));
      }
      end += tensor.info().bytes();
    }
    if (end != file.length()) {
      throw file.damaged(
          end, "the file must end where its tensors do but has %d bytes".formatted(file.length()));
    }
  }

  private void checkSums() throws IOException {
    String sums = metadata.remove(CHECKSUMS);
    if (sums == null) {
      return;
    }
    JsonNode expected = parse(sums.getBytes(StandardCharsets.UTF_8), Long.BYTES);
    String header = headerChecksum(tensors.stream().map(StoredTensor::info).toList(), metadata);
    requireSame("the header", Long.BYTES, expected.path(HEADER).asText(), header);
    for (StoredTensor tensor : tensors) {
      CRC32C crc = new CRC32C();
      file.pass(tensor.position(), tensor.info().bytes(), crc::update);
      String name = tensor.info().name();
      requireSame("tensor " + name, tensor.position(), expected.path(name).asText(), hex(crc));
    }
  }

  private void requireSame(String what, long place, String expected, String actual)
      throws IOException {
    if (!expected.equals(actual)) {
      throw file.damaged(
          place, "CRC-32C of %s must be %s but was %s".formatted(what, expected, actual));
    }
  }

  /** Of names, types, shapes in the order of the file, and of the metadata. */
  static String headerChecksum(List<TensorInfo> tensors, Map<String, String> metadata) {
    String text =
        tensors.stream().map(TensorInfo::toString).collect(Collectors.joining("\n"))
            + new TreeMap<>(metadata);
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(crc);
  }

  static String hex(CRC32C crc) {
    return String.format("%08x", crc.getValue());
  }
}
