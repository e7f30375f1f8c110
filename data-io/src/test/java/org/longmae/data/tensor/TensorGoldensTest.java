package org.longmae.data.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch 1.13, NumPy and pickle wrote hold what they say they hold. */
class TensorGoldensTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "training-zip.pth",
        "training-legacy.pth",
        "flat-zip.pth",
        "flat-legacy.pth",
        "state-dict.pth",
        "int64.pth",
        "arrays.npz",
        "detectron-3.pkl",
        "detectron-4.pkl",
        "detectron-5.pkl"
      })
  void whatOthersWroteIsRead(String name) throws IOException {
    JsonNode expected =
        new ObjectMapper()
            .readTree(new File(TestTensorFiles.golden("expected.json").toUri()))
            .get(name);
    List<String> names = new ArrayList<>();
    try (TensorFile file = TensorFile.open(TestTensorFiles.fs(), TestTensorFiles.golden(name))) {
      for (Iterator<Map.Entry<String, JsonNode>> it = expected.fields(); it.hasNext(); ) {
        Map.Entry<String, JsonNode> tensor = it.next();
        names.add(tensor.getKey());
        requireEqual(file, tensor.getKey(), tensor.getValue());
      }
      assertThat(file.tensors())
          .extracting(TensorInfo::name)
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  private static void requireEqual(TensorFile file, String name, JsonNode expected)
      throws IOException {
    TensorInfo info = file.tensor(name).orElseThrow();
    assertThat(info.type().name()).as(name).isEqualTo(expected.get("type").asText());
    assertThat(info.shape())
        .as(name)
        .isEqualTo(new ObjectMapper().convertValue(expected.get("shape"), long[].class));
    if (info.type().isFloat()) {
      double[] values = new ObjectMapper().convertValue(expected.get("values"), double[].class);
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      assertThat(file.floats(name)).as(name).isEqualTo(floats);
      if (floats.length > 2) {
        float[] middle = new float[floats.length - 2];
        file.read(name, 1, middle);
        assertThat(middle)
            .as(name)
            .isEqualTo(java.util.Arrays.copyOfRange(floats, 1, floats.length - 1));
      }
    } else {
      assertThatThrownBy(() -> file.floats(name)).hasMessageContaining("must be of floats but is");
      long[] values = new long[(int) info.elements()];
      file.read(name, 0, values);
      assertThat(values)
          .as(name)
          .isEqualTo(new ObjectMapper().convertValue(expected.get("values"), long[].class));
    }
  }

  /** The names are those that PyTorch put into the stream for what the script asked for. */
  @ParameterizedTest
  @CsvSource({
    "hostile-system-zip.pth, posix.system",
    "hostile-system-legacy.pth, posix.system",
    "hostile-eval-zip.pth, __builtin__.eval",
    "hostile-eval-legacy.pth, __builtin__.eval",
    "hostile-torch-load-zip.pth, torch.serialization.load",
    "hostile-torch-load-legacy.pth, torch.serialization.load",
    "hostile-module-zip.pth, torch.nn.modules.linear.Linear",
    "hostile-module-legacy.pth, torch.nn.modules.linear.Linear"
  })
  void whatIsNoTensorIsRefusedByName(String file, String name) {
    assertThatThrownBy(
            () -> TensorFile.open(TestTensorFiles.fs(), TestTensorFiles.golden(file)).close())
        .isInstanceOf(TensorFileException.class)
        .hasMessageContaining(file + ", byte ")
        .hasMessageContaining("names " + name + "; only what makes up tensors is read");
    assertThat(new File("longmae-was-here")).doesNotExist();
  }

  @Test
  void compressedEntriesAreRefusedByName() {
    assertThatThrownBy(
            () ->
                TensorFile.open(TestTensorFiles.fs(), TestTensorFiles.golden("compressed.npz"))
                    .close())
        .hasMessageContaining("entry fp32.npy must be stored but is deflated");
  }
}
