package org.longmae.jobs.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.tensor.Tensor;
import org.longmae.data.tensor.TensorFormat;
import org.longmae.data.tensor.TensorInfo;
import org.longmae.data.tensor.TensorType;
import org.longmae.jobs.picture.NoisePictures;
import org.longmae.jobs.platform.Machine;
import org.longmae.jobs.platform.Version;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.Safetensors;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.LearningRateSchedule;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.StateVector;

/**
 * Writes weights, a batch and masks, and what this implementation makes of them, so that another
 * one can be held to it: prediction, loss, every gradient, and the losses of some steps of the
 * optimiser. The files are described in docs/parity.md.
 *
 * @param config of the model; in fp32, unless the difference of another precision is wanted
 * @param batch images
 * @param steps of the optimiser, 0 for none
 * @param threads cores to compute on
 */
public record ParityKit(RunConfig config, int batch, int steps, int threads) {
  /**
   * Writes the kit.
   *
   * @param weights gives an engine its weights
   * @param out folder; what it has of these names is replaced
   */
  public ParityResult write(Weights weights, FileSystem fs, Path out) throws IOException {
    fs.mkdirs(out);
    try (MaeEngine engine = MaeEngine.open(config, threads)) {
      weights.into(engine);
      Path file = new Path(out, "weights.safetensors");
      Safetensors.write(fs, file, engine, StateVector.PARAMETERS, Map.of("format", "pt"));
      double loss = writeFirst(engine, fs, out);
      List<Double> rates = new ArrayList<>();
      List<Double> losses = new ArrayList<>();
      LearningRateSchedule schedule = LearningRateSchedule.of(config);
      for (int step = 0; step < steps; step++) {
        Fed fed = fed(engine.spec(), step);
        Path inputs = new Path(out, String.format("steps/step-%04d.safetensors", step + 1));
        fs.mkdirs(inputs.getParent());
        TensorFormat.SAFETENSORS.write(fs, inputs, fed.tensors(engine.spec(), batch), Map.of());
        // The run's whole schedule, over so many steps.
        double rate = schedule.rate((double) step * config.train().epochs() / steps);
        rates.add(rate);
        losses.add(engine.step(fed.images_BCHW(), fed.shuffles_BL(), rate, step + 1L));
      }
      ParityResult result = new ParityResult(loss, rates, losses, engine.description());
      CommittedFile.write(fs, new Path(out, "expected.json"), Json.pretty(facts(result)));
      return result;
    }
  }

  /** Gives an engine its weights. */
  public interface Weights {
    /** Initialises the engine's state. */
    void into(MaeEngine engine) throws IOException;
  }

  private double writeFirst(MaeEngine engine, FileSystem fs, Path out) throws IOException {
    MaeSpec spec = engine.spec();
    Fed fed = fed(spec, 0);
    TensorFormat.SAFETENSORS.write(
        fs, new Path(out, "batch.safetensors"), fed.tensors(spec, batch), Map.of());
    float[] gradient = new float[Math.toIntExact(engine.stateLength())];
    double loss = engine.gradient(fed.images_BCHW(), fed.shuffles_BL(), gradient);
    float[] prediction = engine.predictions(fed.images_BCHW(), fed.shuffles_BL());
    List<Tensor> expected = new ArrayList<>();
    int predicted = spec.predictionGrid().patches();
    expected.add(Tensor.of("prediction", prediction, batch, predicted, spec.predictionValues()));
    for (ParameterLayout.Entry entry : engine.layout().entries()) {
      expected.add(
          Tensor.of(
              new TensorInfo("grad." + entry.name(), TensorType.F32, entry.shape()),
              (offset, piece) ->
                  System.arraycopy(
                      gradient, (int) (entry.offset() + offset), piece, 0, piece.length)));
    }
    TensorFormat.SAFETENSORS.write(fs, new Path(out, "expected.safetensors"), expected, Map.of());
    return loss;
  }

  /** What a step is fed. */
  private record Fed(float[] images_BCHW, int[] shuffles_BL) {
    List<Tensor> tensors(MaeSpec spec, int batch) {
      int patches = spec.patches();
      int kept = spec.keptPatches();
      long[] keep = new long[batch * kept];
      long[] restore = new long[batch * patches];
      for (int image = 0; image < batch; image++) {
        for (int place = 0; place < patches; place++) {
          int patch = shuffles_BL[image * patches + place];
          restore[image * patches + patch] = place;
          if (place < kept) {
            keep[image * kept + place] = patch;
          }
        }
      }
      long height = (long) spec.grid().rows() * spec.patchSize();
      long width = (long) spec.grid().cols() * spec.patchSize();
      return List.of(
          Tensor.of("images", images_BCHW, batch, spec.channels(), height, width),
          Tensor.of("ids_keep", keep, batch, kept),
          Tensor.of("ids_restore", restore, batch, patches));
    }
  }

  private Fed fed(MaeSpec spec, int step) {
    long[] ids = new long[batch];
    for (int image = 0; image < batch; image++) {
      ids[image] = image;
    }
    float[] images_BCHW = NoisePictures.of(config, batch * spec.imageValues(), step);
    return new Fed(images_BCHW, new BatchMasks(config, Purpose.MASK).of(ids, step));
  }

  private Map<String, Object> facts(ParityResult result) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("loss", result.loss());
    facts.put("image_size", List.of(config.image().size().height(), config.image().size().width()));
    facts.put("patch_size", config.model().patchSize());
    facts.put("mask_size", config.mask().unit());
    facts.put("heads", config.model().encoder().heads());
    facts.put("decoder_heads", config.model().decoder().heads());
    facts.put("norm_pix_loss", config.loss().normalizedTarget());
    facts.put("decoder_downsampling", config.model().decoderDownsampling());
    facts.put("prediction_downsampling", config.model().predictionDownsampling());
    facts.put("norm_epsilon", ModelCard.NORM_EPSILON);
    facts.put("steps", Map.of("rates", result.rates(), "losses", result.losses()));
    facts.put("optimizer", config.optim());
    facts.put(
        "versions",
        Map.of(
            "longmae", Version.current(),
            "compute", result.compute(),
            "machine", Machine.description(),
            "java", System.getProperty("java.version")));
    return facts;
  }
}
