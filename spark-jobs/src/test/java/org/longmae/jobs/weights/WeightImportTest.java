package org.longmae.jobs.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ImageSize;
import org.longmae.conf.RunConfig;
import org.longmae.data.tensor.Tensor;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorFileException;
import org.longmae.data.tensor.TensorFormat;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.data.tensor.TensorType;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.model.ResampledPatchKernel;

class WeightImportTest {
  @TempDir private java.nio.file.Path folder;
  private Path root;
  private RunConfig config;
  private Checkpoint checkpoint;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    root = new Path(folder.toUri().toString());
    config = TestRuns.tinyRun("unused");
    checkpoint = Checkpoint.write(config, new Path(root, "model.safetensors"));
  }

  private ImportResult read(Path file, boolean encoderOnly, RunConfig into) throws IOException {
    WeightImport weights = WeightImport.read(TestRuns.fs(), file, into, encoderOnly);
    return weights.writeTo(RunDirectory.anew(TestRuns.fs(), new Path(root, "run"), into));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsExportedIsImportedBitForBit(ExportFormat format) throws IOException {
    Path exported =
        checkpoint.export(
            new ExportSettings(format, TensorType.F32, ImageSize.square(32), 8, "unknown"),
            new Path(root, "export"));
    ImportResult result = read(exported, false, config);
    Map<String, float[]> before = Checkpoint.tensors(checkpoint.file());
    Map<String, float[]> after = Checkpoint.tensors(new Path(result.weights()));
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach(
        (name, values) -> {
          boolean hasIt =
              (format.hasDecoder() || !name.matches("decoder_.*|mask_token")) && format.has(name);
          if (hasIt || name.endsWith("pos_embed")) {
            assertThat(after.get(name)).as(name).isEqualTo(values);
          } else {
            assertThat(after.get(name)).as(name).isNotEqualTo(values);
            assertThat(result.drawn()).contains(name);
          }
        });
    assertThat(result.unused()).isEmpty();
  }

  @Test
  void whatTheFileLacksIsAsTheRunWouldDrawIt() throws IOException {
    ImportResult result = read(checkpoint.file(), true, config);
    Checkpoint.tensors(new Path(result.weights()));
    try (org.longmae.model.MaeEngine engine = org.longmae.model.MaeEngine.open(config, 1)) {
      engine.initialize(
          config.randomness().stream(org.longmae.conf.Randomness.Purpose.WEIGHTS, 0, 0));
      var entry = engine.layout().entry("decoder_pred.weight");
      float[] drawn = new float[(int) entry.length()];
      engine.read(org.longmae.model.StateVector.PARAMETERS, entry.offset(), drawn);
      assertThat(Checkpoint.tensors(new Path(result.weights())).get("decoder_pred.weight"))
          .isEqualTo(drawn);
    }
    assertThat(result.unused()).contains("decoder_pred.weight", "mask_token");
  }

  @Test
  void aKernelOfAnotherPatchSizeIsResampled() throws IOException {
    RunConfig other = TestRuns.tinyRun("unused", "model.patch-size=4", "image.size=16");
    ImportResult result = read(checkpoint.file(), true, other);
    assertThat(result.resampled()).isTrue();
    float[] kernel = Checkpoint.tensors(checkpoint.file()).get("patch_embed.proj.weight");
    assertThat(Checkpoint.tensors(new Path(result.weights())).get("patch_embed.proj.weight"))
        .isEqualTo(ResampledPatchKernel.of(kernel, 8, 4));
  }

  @Test
  void anotherModelIsRefusedByItsSettings() {
    RunConfig other = TestRuns.tinyRun("unused", "model.encoder.width=64", "model.decoder.depth=2");
    assertThatThrownBy(() -> read(checkpoint.file(), false, other))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("model.safetensors] holds another model than the configuration's:")
        .hasMessageContaining("model.encoder.width must be 32 but was 64")
        .hasMessageContaining("model.decoder.depth must be 1 but was 2");
  }

  @Test
  void aMissingTensorAndOneOfAnotherShapeAreRefusedByName() throws IOException {
    assertThatThrownBy(() -> read(changed("blocks.1.attn.proj.bias", null), false, config))
        .isInstanceOf(TensorFileException.class)
        .hasMessageContaining(
            "tensor blocks.1.attn.proj.bias must be of shape [32] but is missing");
    Tensor wide = Tensor.of("blocks.1.mlp.fc1.bias", new float[64], 64);
    assertThatThrownBy(() -> read(changed("blocks.1.mlp.fc1.bias", wide), false, config))
        .hasMessageContaining("blocks.1.mlp.fc1.bias must be of shape [128] but is of shape [64]");
  }

  /** A table that was learned would be replaced by the fixed one without a word. */
  @Test
  void aLearnedPositionTableIsRefused() throws IOException {
    Tensor learned = Tensor.of("pos_embed", new float[17 * 32], 1, 17, 32);
    assertThatThrownBy(() -> read(changed("pos_embed", learned), false, config))
        .hasMessageContaining("pos_embed of shape [1, 17, 32] must be MAE's fixed sin-cos table");
  }

  @Test
  void namesOfNobodyAreRefused() throws IOException {
    Path file = new Path(root, "other.safetensors");
    Tensor tensor = Tensor.of("layers.0.weight", new float[1], 1);
    TensorFormat.SAFETENSORS.write(TestRuns.fs(), file, List.of(tensor), Map.of());
    assertThatThrownBy(() -> read(file, false, config))
        .hasMessageContaining("tensors must be named as MAE, timm")
        .hasMessageContaining("but are [layers.0.weight]");
  }

  /** The checkpoint with one tensor replaced, or left out. */
  private Path changed(String name, Tensor replacement) throws IOException {
    Path file = new Path(root, "changed.safetensors");
    try (TensorFile open = TensorFile.open(TestRuns.fs(), checkpoint.file())) {
      List<Tensor> tensors = new ArrayList<>();
      for (TensorInfo info : open.tensors()) {
        if (!info.name().equals(name)) {
          tensors.add(Tensor.of(info, (offset, piece) -> open.read(info.name(), offset, piece)));
        } else if (replacement != null) {
          tensors.add(replacement);
        }
      }
      TensorFormat.SAFETENSORS.write(TestRuns.fs(), file, tensors, Map.of());
    }
    return file;
  }
}
