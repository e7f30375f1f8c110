package org.longmae.jobs.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;

/**
 * {@code metrics.jsonl}: a line a round. The file is replaced whole at each commit, so that it
 * never tells of rounds that a restart will run again.
 */
public final class MetricsLog {
  private final FileSystem fs;
  private final Path file;

  MetricsLog(FileSystem fs, Path file) {
    this.fs = fs;
    this.file = file;
  }

  /** All rounds up to and including {@code round}. */
  public List<RoundMetrics> upTo(int round) throws IOException {
    if (!fs.exists(file)) {
      return new ArrayList<>();
    }
    List<RoundMetrics> rounds = new ArrayList<>();
    int line = 0;
    for (String text : CommittedFile.readText(fs, file).split("\n")) {
      line++;
      if (!text.isBlank()) {
        RoundMetrics metrics = Json.parse(text, RoundMetrics.class, file + ":" + line);
        if (metrics.round() <= round) {
          rounds.add(metrics);
        }
      }
    }
    return rounds;
  }

  /** Replaces the file. */
  public void write(List<RoundMetrics> rounds) throws IOException {
    String text = rounds.stream().map(Json::line).collect(Collectors.joining("\n", "", "\n"));
    CommittedFile.write(fs, file, text);
  }
}
