package org.longmae.jobs.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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
import org.longmae.conf.ConfigException;
import org.longmae.conf.ImageSize;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.data.tensor.TensorType;
import org.longmae.jobs.TestRuns;
import org.longmae.model.Cubic;
import org.longmae.model.Grid;
import org.longmae.model.PositionTable;
import org.longmae.model.ResampledPatchKernel;
import org.longmae.model.ResizedPositionTable;

/** The tiny model: 32 pixels in patches of 8, so 4 x 4; widths 32 and 16, depths 2 and 1. */
class WeightExportTest {
  @TempDir private java.nio.file.Path folder;
  private Checkpoint checkpoint;
  private Path out;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    Path root = new Path(folder.toUri().toString());
    checkpoint = Checkpoint.write(TestRuns.tinyRun("unused"), new Path(root, "model.safetensors"));
    out = new Path(root, "export");
  }

  private static ExportSettings settings(ExportFormat format) {
    return new ExportSettings(format, TensorType.F32, ImageSize.square(32), 8, "unknown");
  }

  /** 6 + 12 a block for the encoder, 8 + 12 a block for the decoder, tables included. */
  @ParameterizedTest
  @CsvSource({"FULL, 50", "NPZ, 50", "TIMM, 30", "DETECTRON2, 28", "HUGGINGFACE, 62"})
  void everyFormatHasItsTensorsAndNoOthers(ExportFormat format, int tensors) throws IOException {
    assertThat(Checkpoint.tensors(checkpoint.export(settings(format), out))).hasSize(tensors);
  }

  @Test
  void theFullExportIsTheCheckpoint() throws IOException {
    Path full = checkpoint.export(settings(ExportFormat.FULL), out);
    assertSame(Checkpoint.tensors(full), Checkpoint.tensors(checkpoint.file()));
  }

  @Test
  void timmGetsTheEncoderAlone() throws IOException {
    Map<String, float[]> timm =
        Checkpoint.tensors(checkpoint.export(settings(ExportFormat.TIMM), out));
    assertThat(timm.keySet())
        .noneMatch(name -> name.contains("decoder") || name.equals("mask_token"));
    assertThat(timm).containsKeys("norm.weight", "pos_embed", "blocks.1.mlp.fc2.bias");
  }

  /** Their names match those of ViTDet's pyramid. */
  @Test
  void detectronGetsNoLastNorm() throws IOException {
    Path file = checkpoint.export(settings(ExportFormat.DETECTRON2), out);
    assertThat(file.getName()).isEqualTo("model.pkl");
    assertThat(Checkpoint.tensors(file).keySet()).noneMatch(name -> name.startsWith("norm."));
  }

  @Test
  void huggingFaceGetsQueriesKeysAndValuesApart() throws IOException {
    Map<String, float[]> ours = Checkpoint.tensors(checkpoint.file());
    Map<String, float[]> theirs =
        Checkpoint.tensors(checkpoint.export(settings(ExportFormat.HUGGINGFACE), out));
    float[] fused = ours.get("blocks.1.attn.qkv.weight");
    float[] bias = ours.get("decoder_blocks.0.attn.qkv.bias");
    List<String> thirds = List.of("query", "key", "value");
    for (int third = 0; third < 3; third++) {
      String name = ".attention.attention." + thirds.get(third);
      assertThat(theirs.get("vit.encoder.layer.1" + name + ".weight"))
          .isEqualTo(Arrays.copyOfRange(fused, third * 32 * 32, (third + 1) * 32 * 32));
      assertThat(theirs.get("decoder.decoder_layers.0" + name + ".bias"))
          .isEqualTo(Arrays.copyOfRange(bias, third * 16, (third + 1) * 16));
    }
    assertThat(theirs.get("vit.encoder.layer.0.layernorm_after.bias"))
        .isEqualTo(ours.get("blocks.0.norm2.bias"));
    assertThat(theirs.get("vit.encoder.layer.0.intermediate.dense.weight"))
        .isEqualTo(ours.get("blocks.0.mlp.fc1.weight"));
    assertThat(theirs.get("decoder.decoder_layers.0.output.dense.weight"))
        .isEqualTo(ours.get("decoder_blocks.0.mlp.fc2.weight"));
    assertThat(theirs.get("vit.embeddings.patch_embeddings.projection.weight"))
        .isEqualTo(ours.get("patch_embed.proj.weight"));
    assertThat(theirs)
        .containsKeys(
            "vit.embeddings.cls_token",
            "vit.embeddings.position_embeddings",
            "vit.layernorm.weight",
            "vit.encoder.layer.1.attention.output.dense.bias",
            "decoder.mask_token",
            "decoder.decoder_pos_embed",
            "decoder.decoder_embed.weight",
            "decoder.decoder_norm.bias",
            "decoder.decoder_pred.weight");
  }

  @Test
  void huggingFaceIsToldTheModel() throws IOException {
    checkpoint.export(settings(ExportFormat.HUGGINGFACE), out);
    JsonNode config =
        new ObjectMapper()
            .readTree(CommittedFile.readText(TestRuns.fs(), new Path(out, "config.json")));
    assertThat(config.get("layer_norm_eps").asDouble()).isEqualTo(1e-6);
    assertThat(config.get("hidden_size").asInt()).isEqualTo(32);
    assertThat(config.get("decoder_intermediate_size").asInt()).isEqualTo(64);
    assertThat(config.get("image_size").asInt()).isEqualTo(32);
    JsonNode pixels =
        new ObjectMapper()
            .readTree(
                CommittedFile.readText(TestRuns.fs(), new Path(out, "preprocessor_config.json")));
    assertThat(pixels.get("image_mean").get(0).asDouble()).isEqualTo(0.485);
  }

  @Test
  void tablesAndKernelAreResizedAsTheConsumerWould() throws IOException {
    float[] table = PositionTable.of(new Grid(4, 4), 32);
    Map<String, float[]> full =
        Checkpoint.tensors(
            checkpoint.export(
                new ExportSettings(
                    ExportFormat.FULL, TensorType.F32, new ImageSize(16, 48), 8, "unknown"),
                out));
    Grid grid = new Grid(2, 6);
    assertThat(full.get("pos_embed"))
        .isEqualTo(ResizedPositionTable.of(table, new Grid(4, 4), grid, 32, Cubic.PLAIN));
    assertThat(full.get("decoder_pos_embed")).hasSize(13 * 16);
    Map<String, float[]> timm =
        Checkpoint.tensors(
            checkpoint.export(
                new ExportSettings(
                    ExportFormat.TIMM, TensorType.F32, ImageSize.square(32), 16, "unknown"),
                out));
    assertThat(timm.get("pos_embed"))
        .isEqualTo(
            ResizedPositionTable.of(table, new Grid(4, 4), new Grid(2, 2), 32, Cubic.ANTIALIASED));
    float[] kernel = Checkpoint.tensors(checkpoint.file()).get("patch_embed.proj.weight");
    assertThat(timm.get("patch_embed.proj.weight"))
        .isEqualTo(ResampledPatchKernel.of(kernel, 8, 16));
  }

  @Test
  void halvesAreRoundedAndSaidToBe() throws IOException {
    Path file =
        checkpoint.export(
            new ExportSettings(
                ExportFormat.TIMM, TensorType.BF16, ImageSize.square(32), 8, "apache-2.0"),
            out);
    try (TensorFile open = TensorFile.open(TestRuns.fs(), file)) {
      assertThat(open.tensors()).extracting(TensorInfo::type).containsOnly(TensorType.BF16);
    }
    float[] exact = Checkpoint.tensors(checkpoint.file()).get("cls_token");
    float[] rounded = Checkpoint.tensors(file).get("cls_token");
    for (int i = 0; i < exact.length; i++) {
      // Eight bits of precision.
      assertThat(rounded[i])
          .isCloseTo(exact[i], org.assertj.core.data.Offset.offset(Math.abs(exact[i]) / 256));
    }
    String card = CommittedFile.readText(TestRuns.fs(), new Path(out, "README.md"));
    assertThat(card)
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("| steps | 12,", "digest `digest`");
    assertThat(CommittedFile.readText(TestRuns.fs(), new Path(out, "longmae.json")))
        .contains("\"BF16\"");
  }

  @ParameterizedTest
  @EnumSource
  void theSameCheckpointGivesTheSameBytes(ExportFormat format) throws IOException {
    byte[] once = CommittedFile.read(TestRuns.fs(), checkpoint.export(settings(format), out));
    byte[] again = CommittedFile.read(TestRuns.fs(), checkpoint.export(settings(format), out));
    assertThat(again).isEqualTo(once);
  }

  @Test
  void whatCannotBeWrittenIsRefusedWithTheRule() {
    assertThatThrownBy(
            () ->
                checkpoint.export(
                    new ExportSettings(
                        ExportFormat.FULL, TensorType.F32, ImageSize.square(32), 16, ""),
                    out))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--patch-size must be the run's (8) with --format full");
    assertThatThrownBy(
            () ->
                new ExportSettings(ExportFormat.NPZ, TensorType.BF16, ImageSize.square(32), 8, ""))
        .hasMessageContaining("--type must be fp32 or fp16 with --format npz, but was bf16");
    assertThatThrownBy(
            () ->
                new ExportSettings(ExportFormat.TIMM, TensorType.F32, ImageSize.square(36), 8, ""))
        .hasMessageContaining("--image-size must be divisible by --patch-size (8) but was 36");
    Checkpoint coarse =
        new Checkpoint(
            TestRuns.tinyRun("unused", "model.decoder-downsampling=2"), checkpoint.file());
    assertThatThrownBy(() -> coarse.export(settings(ExportFormat.HUGGINGFACE), out))
        .hasMessageContaining("must have model.decoder-downsampling = 1");
  }

  private static void assertSame(Map<String, float[]> one, Map<String, float[]> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach((name, values) -> assertThat(values).as(name).isEqualTo(other.get(name)));
  }
}
