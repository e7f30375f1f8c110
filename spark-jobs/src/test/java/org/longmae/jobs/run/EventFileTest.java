package org.longmae.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.TestRuns;

class EventFileTest {
  /** The first record of every event file: 24 bytes, time 1.5e9, brain.Event:2, checksums. */
  private static final String VERSION =
      "1800000000000000a37f4b2209000000c00b5ad6411a0d627261696e2e4576656e743a324ca9a464";

  /** Step 41, loss 0.25; worked out by a few lines of another language. */
  private static final String LOSS =
      "1a00000000000000129bd82d09000000c00b5ad64110292a0d0a0b0a046c6f7373150000803ef766ea23";

  @TempDir java.nio.file.Path temp;

  @Test
  void bytesAreThoseOfTensorBoardWhileTheFileIsOpen() throws IOException {
    FileSystem fs = TestRuns.fs();
    Path folder = new Path(temp.toUri());
    try (EventFile events = EventFile.open(fs, folder, 7, 1.5e9, 40)) {
      events.scalars(1.5e9, 41, Map.of("loss", 0.25));
      events.flush();
      Path file = new Path(folder, "events.out.tfevents.1500000000.000007");
      String hex = HexFormat.of().formatHex(CommittedFile.read(fs, file));
      assertThat(hex).startsWith(VERSION).endsWith(LOSS);
      // Between them: what other files say of step 41 and later no longer counts.
      assertThat(hex).contains("1029" + "3a02" + "0801");
    }
  }
}
