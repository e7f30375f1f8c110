package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ImageSize;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.run.EncoderWeights;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.EncoderEngine;
import org.longmae.model.EncoderSpec;
import org.longmae.model.Grid;
import org.longmae.model.MaeInference;
import org.longmae.model.MaeSpec;

/**
 * Where an executor gets a model from.
 *
 * @param weights URI of a safetensors file, or null for the run's initial weights
 * @param threads cores to compute on
 */
record ModelSource(RunConfig config, String weights, int threads) implements Serializable {
  /** Opens the autoencoder at the length it was trained at; the caller closes it. */
  MaeInference autoencoder(Configuration hadoop) throws IOException {
    MaeInference model = MaeInference.open(config, threads);
    try {
      if (file().isPresent()) {
        Path file = file().get();
        Safetensors.read(file.getFileSystem(hadoop), file, model.layout(), model::write);
      } else {
        model.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      }
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Opens the encoder at the transfer length; the caller closes it. */
  EncoderEngine encoder(Configuration hadoop) throws IOException {
    EncoderEngine encoder = EncoderEngine.open(transferred(), config.compute(), threads);
    try {
      if (file().isPresent()) {
        Path file = file().get();
        EncoderWeights.read(
            file.getFileSystem(hadoop),
            file,
            EncoderSpec.of(MaeSpec.of(config)),
            encoder.layout(),
            config.transferPatchSize(),
            encoder::write);
      } else {
        encoder.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      }
      return encoder;
    } catch (IOException | RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * The encoder at the transfer length. Random weights have that length's own positions, whatever
   * length the run is of: runs of all lengths have one such encoder to be compared with.
   */
  private EncoderSpec transferred() {
    ImageSize size = config.transferImage().size();
    int side = config.transferPatchSize();
    Grid grid = new Grid(size.height() / side, size.width() / side);
    EncoderSpec own = EncoderSpec.of(MaeSpec.of(config));
    return file().isPresent()
        ? own.transferredTo(grid, side)
        : new EncoderSpec(own.channels(), grid, grid, side, own.encoder());
  }

  private Optional<Path> file() {
    return Optional.ofNullable(weights).map(Path::new);
  }
}
