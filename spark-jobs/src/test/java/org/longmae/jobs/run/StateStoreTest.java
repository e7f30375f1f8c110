package org.longmae.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.TestRuns;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

class StateStoreTest {
  @TempDir Path folder;

  private final RunConfig config = TestRuns.tinyRun("unused");
  private FileSystem fs;
  private StateStore states;
  private MaeEngine engine;

  @BeforeEach
  void open() throws IOException {
    fs = TestRuns.fs();
    states = new StateStore(fs, new org.apache.hadoop.fs.Path(folder.toUri()));
    engine = engine();
    engine.initialize(new SplittableRandom(1));
    engine.write(StateVector.SECOND_MOMENT, 3, new float[] {1, 2, 3});
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() throws IOException {
    StateManifest manifest = write(7);
    states.commit(manifest);
    assertThat(states.newest()).contains(manifest);
    try (MaeEngine other = engine()) {
      StateFiles.read(fs, states.folder(7), manifest, other, Set.of());
      for (StateVector vector : engine.vectors()) {
        assertThat(floats(other, vector)).isEqualTo(floats(engine, vector));
      }
    }
  }

  @Test
  void chunksAloneAreNoState() throws IOException {
    states.commit(write(1));
    write(2);
    assertThat(states.newest()).map(StateManifest::round).contains(1);
  }

  @Test
  void pruningKeepsTheNewestCommitted() throws IOException {
    for (int round = 1; round <= 4; round++) {
      states.commit(write(round));
    }
    write(5);
    states.prune(2);
    assertThat(fs.exists(states.folder(2))).isFalse();
    assertThat(fs.exists(states.folder(3))).isTrue();
    assertThat(states.newest()).map(StateManifest::round).contains(4);
  }

  // A power failure may take all states that were not forced to the disk, of any number.
  @Test
  void pruningKeepsTheNewestThatWasForced() throws IOException {
    states.commit(write(1, Durability.FORCED));
    states.commit(write(2, Durability.FORCED));
    for (int round = 3; round <= 6; round++) {
      states.commit(write(round, Durability.LAZY));
      states.prune(2);
    }
    assertThat(fs.exists(states.folder(1))).isFalse();
    assertThat(fs.exists(states.folder(4))).isFalse();
    for (int lost = 5; lost <= 6; lost++) {
      for (var file : fs.listStatus(states.folder(lost))) {
        fs.create(file.getPath(), true).close();
      }
    }
    assertThat(states.newest()).map(StateManifest::round).contains(2);
    states.commit(write(7, Durability.FORCED));
    states.commit(write(8, Durability.LAZY));
    states.prune(2);
    assertThat(fs.exists(states.folder(2))).isFalse();
  }

  // Before there was a word for it, every state was forced.
  @Test
  void aManifestOfBeforeIsOfAForcedState() throws IOException {
    String text = "{\"round\":1,\"step\":4,\"length\":0,\"chunks\":[]}";
    assertThat(Json.parse(text, StateManifest.class, "m").durability())
        .isEqualTo(Durability.FORCED);
  }

  @Test
  void aStateOfAnotherModelIsRefused() throws IOException {
    StateManifest manifest = write(1);
    RunConfig wider =
        new ConfigLoader()
            .text(ConfigLoader.render(config), "c")
            .set("model.encoder.width=64")
            .run();
    try (MaeEngine other = MaeEngine.open(wider, 1)) {
      assertThatThrownBy(() -> StateFiles.read(fs, states.folder(1), manifest, other, Set.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("parameters");
    }
  }

  // Moments that are reset are in no file: what the replica had before must not stay.
  @Test
  void whatMayBeAbsentBecomesZeros() throws IOException {
    StateManifest whole = write(1);
    StateManifest parametersOnly =
        new StateManifest(
            1, 4, whole.length(), whole.chunks(StateVector.PARAMETERS), Durability.FORCED);
    Set<StateVector> moments = Set.of(StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);
    StateFiles.read(fs, states.folder(1), parametersOnly, engine, moments);
    assertThat(floats(engine, StateVector.SECOND_MOMENT)).containsOnly(0);
    assertThatThrownBy(
            () -> StateFiles.read(fs, states.folder(1), parametersOnly, engine, Set.of()))
        .hasMessageContaining("floats of FIRST_MOMENT");
  }

  // A retry of a task, or a task of a driver that was given up, must not touch a committed file.
  @Test
  void anotherWriterLeavesCommittedFilesAlone() throws IOException {
    states.commit(write(1));
    engine.initialize(new SplittableRandom(2));
    StateFiles.write(fs, states.folder(1), engine, "another", Durability.FORCED);
    assertThat(states.newest()).map(StateManifest::round).contains(1);
  }

  // What a user needs to know, and the state before untouched.
  @Test
  void aFullDiskIsToldInBytesAndCostsNothing() throws IOException {
    states.commit(write(1));
    FileSystem full =
        new FilterFileSystem(fs) {
          @Override
          public FSDataOutputStream create(org.apache.hadoop.fs.Path file, boolean overwrite)
              throws IOException {
            OutputStream nothing =
                new OutputStream() {
                  @Override
                  public void write(int b) throws IOException {
                    throw new IOException("No space left on device");
                  }
                };
            return new FSDataOutputStream(nothing, null);
          }
        };
    assertThatThrownBy(() -> StateFiles.write(full, states.folder(2), engine, "w", Durability.LAZY))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "\\[.*round-000002/chunk-0000-w] Cannot write \\d+ bytes of state \\(\\d+ bytes are"
                + " free\\): No space left on device");
    assertThat(states.newest()).map(StateManifest::round).contains(1);
  }

  // Loading a state of three vectors into one of four would start the average from zeros, silently.
  @Test
  void aStateWithoutItsAverageIsRefused() throws IOException {
    StateManifest manifest = write(1);
    try (MaeEngine other = MaeEngine.open(TestRuns.tinyRun("unused", "optim.ema-decay=0.9"), 1)) {
      assertThatThrownBy(() -> StateFiles.read(fs, states.folder(1), manifest, other, Set.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("must have all " + other.stateLength() + " floats of AVERAGE")
          .hasMessageContaining("but had 0 chunks");
    }
  }

  @Test
  void weightsGoThroughSafetensorsBitForBit() throws IOException {
    var file = new org.apache.hadoop.fs.Path(folder.toUri().toString(), "model.safetensors");
    Safetensors.write(fs, file, engine, StateVector.PARAMETERS, java.util.Map.of("step", "1"));
    try (MaeEngine other = engine()) {
      Safetensors.read(fs, file, other);
      assertThat(floats(other, StateVector.PARAMETERS))
          .isEqualTo(floats(engine, StateVector.PARAMETERS));
    }
    byte[] bytes = CommittedFile.read(fs, file);
    int header =
        (int) java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
    String json = new String(bytes, 8, header, java.nio.charset.StandardCharsets.UTF_8);
    assertThat(json).startsWith("{").contains("\"blocks.0.attn.qkv.weight\"", "\"pos_embed\"");
    // 16 patches and the class token, width 32 and 16.
    assertThat(json).contains("[1,17,32]").contains("[1,17,16]");
  }

  @Test
  void aCoarseDecodersPositionsAreThoseOfItsGrid() throws IOException {
    var file = new org.apache.hadoop.fs.Path(folder.toUri().toString(), "coarse.safetensors");
    RunConfig coarse =
        TestRuns.tinyRun(
            "unused", "model.decoder-downsampling=4", "model.prediction-downsampling=2");
    try (MaeEngine one = MaeEngine.open(coarse, 1);
        MaeEngine other = MaeEngine.open(coarse, 1)) {
      one.initialize(new SplittableRandom(1));
      Safetensors.write(fs, file, one, StateVector.PARAMETERS, java.util.Map.of());
      Safetensors.read(fs, file, other);
      assertThat(floats(other, StateVector.PARAMETERS))
          .isEqualTo(floats(one, StateVector.PARAMETERS));
    }
    String json = new String(CommittedFile.read(fs, file), StandardCharsets.ISO_8859_1);
    // 16 patches make one cell of 4 x 4; patches of 8 pixels are predicted two by two.
    assertThat(json).contains("\"decoder_pos_embed\":{\"dtype\":\"F32\",\"shape\":[1,2,16]");
    assertThat(json)
        .contains("\"decoder_downsample.weight\":{\"dtype\":\"F32\",\"shape\":[16,16,4,4]");
    assertThat(json)
        .contains("\"decoder_upsample.weight\":{\"dtype\":\"F32\",\"shape\":[16,16,2,2]");
    assertThat(json).contains("\"decoder_pred.weight\":{\"dtype\":\"F32\",\"shape\":[768,16]");
  }

  private StateManifest write(int round) throws IOException {
    return write(round, Durability.FORCED);
  }

  private StateManifest write(int round, Durability durability) throws IOException {
    var chunks = StateFiles.write(fs, states.folder(round), engine, "w", durability);
    return new StateManifest(round, round * 4L, engine.stateLength(), chunks, durability);
  }

  private MaeEngine engine() {
    return MaeEngine.open(config, 1);
  }

  private static float[] floats(MaeEngine engine, StateVector vector) {
    float[] floats = new float[(int) engine.stateLength()];
    engine.read(vector, 0, floats);
    return floats;
  }
}
