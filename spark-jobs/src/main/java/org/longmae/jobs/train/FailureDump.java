package org.longmae.jobs.train;

import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.load.Batch;
import org.longmae.jobs.run.Durability;
import org.longmae.jobs.run.FloatBytes;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest;
import org.longmae.model.NonFiniteLossException;
import org.longmae.model.TrainingEngine;

/**
 * A failed step on the file system: the state before it, its pictures as they were loaded. {@code
 * longmae replay} takes the step again.
 *
 * <pre>
 *   failures/round-000012-worker-001/  manifest.json, chunk-…   the state
 *                                      images.f32               B·C·H·W floats, little-endian
 *                                      step.json                see {@link FailedStep}
 * </pre>
 */
public final class FailureDump {
  private static final String STATE = "manifest.json";
  private static final String IMAGES = "images.f32";
  private static final String STEP = "step.json";

  private FailureDump() {}

  static void write(
      FileSystem fs, Path folder, int round, TrainingEngine engine, DivergedException failure)
      throws IOException {
    var chunks = StateFiles.write(fs, folder, engine, "failed", Durability.FORCED);
    StateManifest state =
        new StateManifest(
            round, failure.step().done(), engine.stateLength(), chunks, Durability.FORCED);
    CommittedFile.write(fs, new Path(folder, STATE), Json.pretty(state));
    CommittedFile.write(fs, new Path(folder, IMAGES), FloatBytes.of(failure.images_BCHW()));
    CommittedFile.write(fs, new Path(folder, STEP), Json.pretty(failure.step()));
  }

  /**
   * Takes a failed step again.
   *
   * @param folder of the dump
   * @param config of its run
   * @return what is not finite this time
   * @throws TrainingException if the step goes well
   */
  public static String replay(FileSystem fs, Path folder, RunConfig config) throws IOException {
    FailedStep step = read(fs, new Path(folder, STEP), FailedStep.class);
    StateManifest state = read(fs, new Path(folder, STATE), StateManifest.class);
    float[] images_BCHW = FloatBytes.floats(CommittedFile.read(fs, new Path(folder, IMAGES)));
    Batch batch = new Batch(step.ids(), step.labels(), images_BCHW);
    try (Learner learner = Learner.open(fs.getConf(), config, step.classes(), step.threads(), 0)) {
      StateFiles.read(fs, folder, state, learner.engine(), Set.of());
      double loss = learner.step(batch, step.epoch(), step.rate(), step.optimizerStep());
      throw new TrainingException(
          String.format("[%s] the step must fail again but went well: loss %s", folder, loss));
    } catch (NonFiniteLossException e) {
      return e.getMessage();
    }
  }

  private static <T> T read(FileSystem fs, Path file, Class<T> type) throws IOException {
    return Json.parse(CommittedFile.readText(fs, file), type, file.toString());
  }
}
