package org.longmae.jobs.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.tensor.TensorFile;
import org.longmae.data.tensor.TensorFileException;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.Grid;
import org.longmae.model.Initialization;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.PositionTable;
import org.longmae.model.ResampledPatchKernel;

/**
 * Makes a run of weights that were trained elsewhere: its checkpoint of epoch 0, which {@code
 * pretrain} starts from and {@code evaluate} judges.
 *
 * <p>A decoder or last norm that the file lacks gets the run's initial values. Position tables are
 * functions of the grid here: the file's must be the sin-cos table of its own grid, and the run has
 * that of its own.
 */
public final class WeightImport {
  /** Tables were computed in other precisions, stored in bf16, or resized and back. */
  private static final double TABLE_TOLERANCE = 0.02;

  private final RunConfig config;
  private final MaeSpec spec;
  private final ParameterLayout layout;
  private final TensorFile file;
  private final String place;
  private final Naming naming;

  private final List<String> drawn = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();
  private boolean resampled;
  private List<String> unused;
  private float[] vector;

  private WeightImport(RunConfig config, TensorFile file, String place) {
    this.config = config;
    this.spec = MaeSpec.of(config);
    this.layout = ParameterLayout.of(spec);
    this.file = file;
    this.place = place;

    this.naming = naming(file, place);
  }

  /**
   * Reads all that a run's model takes from a file; nothing is written yet.
   *
   * @param config of the run
   * @param encoderOnly whether a decoder in the file is left out
   * @throws ConfigException if the file holds another model
   * @throws TensorFileException if the file is damaged or lacks what it must have
   */
  public static WeightImport read(FileSystem fs, Path file, RunConfig config, boolean encoderOnly)
      throws IOException {
    try (TensorFile tensors = TensorFile.open(fs, file)) {
      WeightImport weights = new WeightImport(config, tensors, file.toString());
      weights.read(encoderOnly);
      return weights;
    }
  }

  private static Naming naming(TensorFile file, String place) {
    for (Naming naming : Naming.values()) {
      if (file.tensor(naming.firstNorm("", 0)).isPresent()) {
        return naming;
      }
    }
    throw new ConfigException(
        "",
        "[%s] tensors must be named as MAE, timm (%s) or Hugging Face's ViTMAE (%s) do, but are %s"
            .formatted(
                place,
                Naming.MAE.firstNorm("", 0),
                Naming.HUGGING_FACE.firstNorm("", 0),
                file.tensors().stream().limit(3).map(TensorInfo::name).toList()));
  }

  private void read(boolean encoderOnly) throws IOException {
    boolean decoder = !encoderOnly && file.tensor(naming.firstNorm("decoder_", 0)).isPresent();
    FoundShape.of(file, naming, layout, decoder).require(config, place);
    requireFixedTable();
    vector = vector(decoder);
    unused =
        file.tensors().stream().map(TensorInfo::name).filter(name -> !used.contains(name)).toList();
  }

  /**
   * Makes them the checkpoint of epoch 0.
   *
   * @param run of the same configuration
   */
  public ImportResult writeTo(RunDirectory run) throws IOException {
    Path weights = run.weights(0);
    Map<String, String> provenance = new TreeMap<>();
    provenance.put("format", "pt");
    provenance.put("config", ConfigLoader.render(config));
    provenance.put("imported", place);
    provenance.put("step", "0");
    Safetensors.write(
        run.fileSystem(),
        weights,
        layout,
        (offset, piece) -> System.arraycopy(vector, (int) offset, piece, 0, piece.length),
        MaeEngine.positionTables(spec),
        provenance);
    ImportResult result =
        new ImportResult(
            place,
            naming.name().toLowerCase(Locale.ROOT),
            layout.entries().size() - drawn.size(),
            drawn,
            resampled,
            unused,
            weights.toString());
    CommittedFile.write(run.fileSystem(), new Path(run.root(), "import.json"), Json.pretty(result));
    return result;
  }

  /** All parameters, in the layout's order. */
  private float[] vector(boolean decoder) throws IOException {
    float[] vector = new float[Math.toIntExact(layout.size())];
    RandomGenerator random = config.randomness().stream(Purpose.WEIGHTS, 0, 0);
    for (ParameterLayout.Entry entry : layout.entries()) {
      // Drawn in any case: each parameter has the values that it would have without the file.
      float[] initial = Initialization.draw(layout, entry, random);
      float[] values = isWanted(entry, decoder) ? taken(entry) : initial;
      if (values == initial) {
        drawn.add(entry.name());
      }
      System.arraycopy(values, 0, vector, (int) entry.offset(), values.length);
    }
    return vector;
  }

  private boolean isWanted(ParameterLayout.Entry entry, boolean decoder) {
    boolean ofDecoder = entry.name().startsWith("decoder_") || entry.name().equals("mask_token");
    if (ofDecoder) {
      return decoder;
    }
    // ViTDet's files have no last norm.
    return !entry.name().startsWith("norm.") || file.tensor(partNames(entry).get(0)).isPresent();
  }

  private List<String> partNames(ParameterLayout.Entry entry) {
    return naming.parts(entry).stream().map(Part::name).toList();
  }

  private float[] taken(ParameterLayout.Entry entry) throws IOException {
    if (entry.name().equals(ParameterLayout.PATCH_KERNEL)) {
      return patchKernel(entry);
    }
    float[] values = new float[Math.toIntExact(entry.length())];
    for (Part part : naming.parts(entry)) {
      requireShape(part);
      float[] piece = file.floats(part.name());
      System.arraycopy(piece, 0, values, (int) part.offset(), piece.length);
      used.add(part.name());
    }
    return values;
  }

  /** [D, C, p, p], of another p resampled. */
  private float[] patchKernel(ParameterLayout.Entry entry) throws IOException {
    Part part = naming.parts(entry).get(0);
    long[] found = file.tensor(part.name()).map(TensorInfo::shape).orElse(new long[0]);
    long[] shape = part.shape();
    boolean square = found.length == 4 && found[2] == found[3];
    if (!square || found[0] != shape[0] || found[1] != shape[1]) {
      requireShape(part);
    }
    int side = Math.toIntExact(found[2]);
    used.add(part.name());
    resampled = side != spec.patchSize();
    return ResampledPatchKernel.of(file.floats(part.name()), side, spec.patchSize());
  }

  private void requireShape(Part part) throws TensorFileException {
    String found =
        file.tensor(part.name())
            .map(info -> "is of shape " + Arrays.toString(info.shape()))
            .orElse("is missing");
    if (!found.equals("is of shape " + Arrays.toString(part.shape()))) {
      throw new TensorFileException(
          "[%s] tensor %s must be of shape %s but %s"
              .formatted(place, part.name(), Arrays.toString(part.shape()), found));
    }
  }

  /** A learned table would be lost without a word. */
  private void requireFixedTable() throws IOException {
    used.add(naming.decoderPositions());
    TensorInfo info = file.tensor(naming.positions()).orElse(null);
    if (info == null) {
      return;
    }
    used.add(info.name());
    int width = spec.encoder().width();
    long patches = info.elements() / width - 1;
    float[] found = file.floats(info.name());
    for (Grid grid : grids(patches)) {
      if (difference(found, PositionTable.of(grid, width)) < TABLE_TOLERANCE) {
        return;
      }
    }
    throw new TensorFileException(
        ("[%s] %s of shape %s must be MAE's fixed sin-cos table, as pre-training here has no learned"
                + " one, but is another")
            .formatted(place, info.name(), Arrays.toString(info.shape())));
  }

  /** The run's grid, if it has so many patches, and the square one. */
  private List<Grid> grids(long patches) {
    List<Grid> grids = new ArrayList<>();
    if (spec.patches() == patches) {
      grids.add(spec.grid());
    }
    int side = (int) Math.round(Math.sqrt(patches));
    if (patches > 0 && (long) side * side == patches) {
      grids.add(new Grid(side, side));
    }
    return grids;
  }

  private static double difference(float[] one, float[] other) {
    double largest = one.length == other.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      largest = Math.max(largest, Math.abs(one[i] - other[i]));
    }
    return largest;
  }
}
