package org.longmae.data.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.data.file.CommittedFile;

class TensorFilesTest {
  @TempDir private java.nio.file.Path folder;
  private Path path;

  @BeforeEach
  void place() {
    path = new Path(folder.toUri().toString(), "weights.safetensors");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBitForBit(TensorFormat format) throws IOException {
    List<Tensor> tensors = TestTensorFiles.tensors();
    format.write(TestTensorFiles.fs(), path, tensors, TestTensorFiles.METADATA);
    try (TensorFile file = TensorFile.open(TestTensorFiles.fs(), path)) {
      assertThat(file.tensors()).isEqualTo(tensors.stream().map(Tensor::info).toList());
      assertThat(file.floats("cls_token")).containsExactly(0.5f, -1.25f, Float.MIN_VALUE, 3e38f);
      assertThat(file.floats("blocks.0.attn.qkv.weight")).isEqualTo(TestTensorFiles.sequence(6));
      assertThat(file.floats("half")).containsExactly(0.5f, -0f, 65504f, 0x1p-24f);
      boolean saysMore = format == TensorFormat.SAFETENSORS;
      assertThat(file.metadata()).isEqualTo(saysMore ? TestTensorFiles.METADATA : Map.of());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameTensorsGiveTheSameBytes(TensorFormat format) throws IOException {
    format.write(TestTensorFiles.fs(), path, TestTensorFiles.tensors(), TestTensorFiles.METADATA);
    byte[] once = CommittedFile.read(TestTensorFiles.fs(), path);
    format.write(TestTensorFiles.fs(), path, TestTensorFiles.tensors(), TestTensorFiles.METADATA);
    assertThat(CommittedFile.read(TestTensorFiles.fs(), path)).isEqualTo(once);
  }

  /**
   * Every bit of the file, one after the other: what is read is refused, or is what was written.
   */
  @ParameterizedTest
  @EnumSource
  void aFlippedBitIsNeverReadAsSomethingElse(TensorFormat format) throws IOException {
    format.write(TestTensorFiles.fs(), path, TestTensorFiles.tensors(), TestTensorFiles.METADATA);
    byte[] whole = CommittedFile.read(TestTensorFiles.fs(), path);
    List<String> contents = TestTensorFiles.contents(path);
    int refused = 0;
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      TestTensorFiles.overwrite(path, flipped);
      try {
        assertThat(TestTensorFiles.contents(path)).as("bit %d", bit).isEqualTo(contents);
      } catch (TensorFileException e) {
        assertThat(e).hasMessageContaining("weights.safetensors");
        refused++;
      }
    }
    int unread =
        switch (format) {
          // The name of the checksums: where there are none, none are wrong.
          case SAFETENSORS -> SafetensorsIndex.CHECKSUMS.length();
          // Fields that nobody reads, such as times: twice, for each entry.
          case NPZ -> TestTensorFiles.tensors().size() * 60;
          case PICKLE -> 0;
        };
    assertThat(refused).isGreaterThanOrEqualTo((whole.length - unread) * 8);
  }

  @ParameterizedTest
  @EnumSource
  void aFileCutAnywhereIsRefused(TensorFormat format) throws IOException {
    format.write(TestTensorFiles.fs(), path, TestTensorFiles.tensors(), TestTensorFiles.METADATA);
    byte[] whole = CommittedFile.read(TestTensorFiles.fs(), path);
    for (int length = 0; length < whole.length; length++) {
      TestTensorFiles.overwrite(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TestTensorFiles.contents(path))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(TensorFileException.class)
          .hasMessageContaining("weights.safetensors");
    }
  }

  /** A header says what it likes; each must be told with the rule, without an allocation by it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} ; must begin at byte",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\","
            + "\"shape\":[1],\"data_offsets\":[4,8]}} ; must begin at byte",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} ; must end where",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\","
            + "\"shape\":[2],\"data_offsets\":[0,8]}} ; Duplicate field 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} ;"
            + " shape of tensor a must be of at most",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} ; shape of tensor a must",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}} ; shape of tensor a must",
        "{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}} ; dtype of tensor a must",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}} ; 8 bytes apart",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} ; data_offsets of tensor a",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} ; data_offsets of tensor a",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}} ;"
            + " data_offsets of tensor a",
        "{\"__metadata__\":{\"a\":1}} ; metadata a must be a string",
        "[1] ; header must begin with {",
        "{\"a\": ; header is no JSON object",
        "{} {} ; header is no JSON object"
      })
  void aHostileHeaderIsRefused(String header, String rule) throws IOException {
    byte[] json = header.trim().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    TestTensorFiles.overwrite(path, file.putLong(json.length).put(json).array());
    assertThatThrownBy(() -> TestTensorFiles.contents(path))
        .isInstanceOf(TensorFileException.class)
        .hasMessageContaining("weights.safetensors, byte ")
        .hasMessageContaining(rule.trim());
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "1", "17", "100000001", "9223372036854775807"})
  void aHeaderThatCannotBeSoLongIsRefused(long length) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    TestTensorFiles.overwrite(path, file.putLong(length).put((byte) '{').array());
    assertThatThrownBy(() -> TestTensorFiles.contents(path))
        .hasMessageContaining("byte 0] header length must be 2 to 16 but was " + length);
  }

  @Test
  void aHeaderNestedTenThousandDeepIsRefused() throws IOException {
    byte[] json = ("{\"a\":" + "[".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    TestTensorFiles.overwrite(path, file.putLong(json.length).put(json).array());
    assertThatThrownBy(() -> TestTensorFiles.contents(path))
        .isInstanceOf(TensorFileException.class);
  }

  /** Memory must not follow what a pickle says. */
  @Test
  void aPickleBeyondItsLimitsIsRefused() throws IOException {
    byte[] endless = new byte[Unpickler.MOST_OPERATIONS + 10];
    Arrays.fill(endless, (byte) 'N');
    endless[0] = (byte) 0x80;
    endless[1] = 2;
    TestTensorFiles.overwrite(path, endless);
    assertThatThrownBy(() -> TestTensorFiles.contents(path))
        .hasMessageContaining("more than 1000000 operations");
    byte[] text = new byte[2 << 20];
    ByteBuffer.wrap(text)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) 0x280)
        .put((byte) 'X')
        .putInt(3 << 19);
    TestTensorFiles.overwrite(path, text);
    assertThatThrownBy(() -> TestTensorFiles.contents(path))
        .hasMessageContaining("byte 2] a string of 1572864 bytes is too long");
  }

  @Test
  void aFileOfAnotherFormatIsRefusedWithItsFirstBytes() throws IOException {
    Path text = new Path(folder.toUri().toString(), "weights.txt");
    TestTensorFiles.overwrite(text, "no tensors here".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> TestTensorFiles.contents(text))
        .hasMessageContaining("must be safetensors, .pth, .npz or .pkl but begins with 6e6f2074");
  }
}
