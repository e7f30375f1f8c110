package org.longmae.jobs.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.jobs.TestRuns;

class ParityKitTest {
  private static final int BATCH = 3;
  private static final int PATCHES = 16;
  private static final int VALUES = 3 * 8 * 8;

  @TempDir private java.nio.file.Path folder;

  /** By the paper's formula, from what the kit holds: loops over pixels, in double. */
  @Test
  void theLossIsThatOfThePredictionOnHiddenPatches() throws IOException {
    RunConfig config = TestRuns.tinyRun("unused", "mask.unit=2");
    Path out = new Path(folder.toUri().toString(), "kit");
    ParityResult result =
        new ParityKit(config, BATCH, 4, 1)
            .write(
                engine -> engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0)),
                TestRuns.fs(),
                out);
    Map<String, float[]> expected = Checkpoint.tensors(new Path(out, "expected.safetensors"));
    try (TensorFile batch = TensorFile.open(TestRuns.fs(), new Path(out, "batch.safetensors"))) {
      assertThat(batch.tensors())
          .extracting(TensorInfo::toString)
          .containsExactly(
              "images F32 [3, 3, 32, 32]", "ids_keep I64 [3, 4]", "ids_restore I64 [3, 16]");
      long[] restore = new long[BATCH * PATCHES];
      batch.read("ids_restore", 0, restore);
      long[] keep = new long[BATCH * 4];
      batch.read("ids_keep", 0, keep);
      for (int i = 0; i < keep.length; i++) {
        assertThat(restore[i / 4 * PATCHES + (int) keep[i]]).isEqualTo(i % 4);
      }
      double loss = loss(batch.floats("images"), restore, expected.get("prediction"));
      assertThat(result.loss()).isCloseTo(loss, within(1e-6));
    }
    // A gradient for every weight: 48 parameters and the prediction.
    assertThat(expected).hasSize(49).containsKey("grad.blocks.1.attn.qkv.bias");
    assertThat(result.losses()).hasSize(4);
    // The same batch and weights as before the first step.
    assertThat(result.losses().get(0)).isEqualTo(result.loss());
    JsonNode facts =
        new ObjectMapper()
            .readTree(CommittedFile.readText(TestRuns.fs(), new Path(out, "expected.json")));
    assertThat(facts.get("mask_size").asInt()).isEqualTo(2);
    assertThat(facts.get("steps").get("rates")).hasSize(4);
    assertThat(List.of(TestRuns.fs().listStatus(new Path(out, "steps")))).hasSize(4);
  }

  private static double loss(float[] images, long[] restore, float[] prediction) {
    double sum = 0;
    int masked = 0;
    for (int place = 0; place < restore.length; place++) {
      if (restore[place] < 4) {
        continue;
      }
      masked++;
      int image = place / PATCHES;
      int row = place % PATCHES / 4 * 8;
      int col = place % 4 * 8;
      double[] target = new double[VALUES];
      double mean = 0;
      for (int v = 0; v < VALUES; v++) {
        int y = row + v / 24;
        int x = col + v / 3 % 8;
        target[v] = images[((image * 3 + v % 3) * 32 + y) * 32 + x];
        mean += target[v] / VALUES;
      }
      double variance = 0;
      for (double value : target) {
        variance += (value - mean) * (value - mean) / (VALUES - 1);
      }
      for (int v = 0; v < VALUES; v++) {
        double normal = (target[v] - mean) / Math.sqrt(variance + 1e-6);
        double error = prediction[place * VALUES + v] - normal;
        sum += error * error / VALUES;
      }
    }
    return sum / masked;
  }
}
