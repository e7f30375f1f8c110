package org.longmae.jobs.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.tensor.Tensor;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.jobs.run.Json;
import org.longmae.model.EncoderSpec;
import org.longmae.model.Grid;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.ResampledPatchKernel;
import org.longmae.model.ResizedPositionTable;

/**
 * Writes a checkpoint as somebody else reads it: into a folder, the weights, what they are ({@code
 * longmae.json}), a model card ({@code README.md}), and what else the format asks for. The same
 * checkpoint gives the same bytes.
 */
public final class WeightExport {
  private final RunConfig config;
  private final MaeSpec spec;
  private final TensorFile weights;
  private final ExportSettings settings;

  private WeightExport(RunConfig config, TensorFile weights, ExportSettings settings) {
    this.config = config;
    this.spec = MaeSpec.of(config);
    this.weights = weights;
    this.settings = settings;
  }

  /**
   * Writes an export.
   *
   * @param weights a checkpoint of the run
   * @param out folder; what it has of these names is replaced
   * @throws IOException if the checkpoint is damaged or the export cannot be written
   */
  public static ExportResult write(
      RunConfig config, TensorFile weights, ExportSettings settings, FileSystem fs, Path out)
      throws IOException {
    settings.check(config);
    return new WeightExport(config, weights, settings).write(fs, out);
  }

  private ExportResult write(FileSystem fs, Path out) throws IOException {
    fs.mkdirs(out);
    ExportFormat format = settings.format();
    List<Tensor> tensors = tensors();
    Path file = new Path(out, format.file());
    // Provenance, as the checkpoint has it: Hugging Face asks for "format".
    Map<String, String> metadata = new TreeMap<>(weights.metadata());
    metadata.put("format", "pt");
    format.tensors().write(fs, file, tensors, metadata);
    ModelCard card = new ModelCard(config, settings, weights.metadata());
    if (format == ExportFormat.HUGGINGFACE) {
      HuggingFaceConfig consumer = new HuggingFaceConfig(config, settings);
      write(fs, out, "config.json", Json.pretty(consumer.model()));
      write(fs, out, "preprocessor_config.json", Json.pretty(consumer.preprocessor()));
    }
    write(fs, out, "longmae.json", Json.pretty(card.facts()));
    write(fs, out, "README.md", card.text());
    long elements = tensors.stream().mapToLong(tensor -> tensor.info().elements()).sum();
    return new ExportResult(
        out.toString(), file.toString(), format.toString(), tensors.size(), elements);
  }

  private static void write(FileSystem fs, Path out, String name, String text) throws IOException {
    CommittedFile.write(fs, new Path(out, name), text.getBytes(StandardCharsets.UTF_8));
  }

  private List<Tensor> tensors() throws IOException {
    ExportFormat format = settings.format();
    Naming naming = format.naming();
    EncoderSpec encoder = EncoderSpec.of(spec).transferredTo(settings.grid(), settings.patchSize());
    ParameterLayout layout =
        format.hasDecoder() ? ParameterLayout.of(spec) : ParameterLayout.of(encoder);
    List<Tensor> tensors = new ArrayList<>();
    for (Part part : naming.parts(layout).toList()) {
      if (format.has(part.parameter())) {
        tensors.add(tensor(part));
      }
    }
    tensors.add(
        table(
            naming.positions(), "pos_embed", spec.grid(), settings.grid(), spec.encoder().width()));
    if (format.hasDecoder()) {
      Grid grid = settings.grid().shrunk(spec.decoderDownsampling());
      int width = spec.decoder().width();
      tensors.add(
          table(naming.decoderPositions(), "decoder_pos_embed", spec.decoderGrid(), grid, width));
    }
    return tensors;
  }

  private Tensor tensor(Part part) throws IOException {
    TensorInfo info = new TensorInfo(part.name(), settings.type(), part.shape());
    if (part.parameter().equals(ParameterLayout.PATCH_KERNEL)) {
      float[] kernel = weights.floats(part.parameter());
      return floats(info, ResampledPatchKernel.of(kernel, spec.patchSize(), settings.patchSize()));
    }
    return Tensor.of(
        info, (offset, piece) -> weights.read(part.parameter(), part.offset() + offset, piece));
  }

  private Tensor table(String name, String stored, Grid from, Grid to, int width)
      throws IOException {
    float[] table =
        ResizedPositionTable.of(
            weights.floats(stored), from, to, width, settings.format().resize());
    return floats(new TensorInfo(name, settings.type(), 1, to.patches() + 1L, width), table);
  }

  private static Tensor floats(TensorInfo info, float[] values) {
    return Tensor.of(
        info, (offset, piece) -> System.arraycopy(values, (int) offset, piece, 0, piece.length));
  }
}
