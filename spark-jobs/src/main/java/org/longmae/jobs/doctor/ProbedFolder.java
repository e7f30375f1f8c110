package org.longmae.jobs.doctor;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;

/**
 * The folder of a run to be, tried out by driver and executors: each writes a file, and executors
 * must see the driver's. Closing it leaves no trace.
 */
final class ProbedFolder implements AutoCloseable {
  private static final String DRIVER = "driver";

  private final FileSystem fs;
  private final Path folder;
  private final Path made;

  private ProbedFolder(FileSystem fs, Path folder, Path made) {
    this.fs = fs;
    this.folder = folder;
    this.made = made;
  }

  /**
   * The driver's part.
   *
   * @param trial names this trial
   * @throws IOException if the driver cannot write there
   */
  static ProbedFolder create(Configuration hadoop, Path run, String trial) throws IOException {
    FileSystem fs = run.getFileSystem(hadoop);
    Path made = run;
    while (!fs.exists(made) && made.getParent() != null && !fs.exists(made.getParent())) {
      made = made.getParent();
    }
    Path folder = new Path(run, ".doctor-" + trial);
    boolean wasThere = fs.exists(made);
    fs.mkdirs(folder);
    CommittedFile.write(fs, new Path(folder, DRIVER), trial);
    return new ProbedFolder(fs, folder, wasThere ? folder : made);
  }

  /** What executors are handed. */
  String uri() {
    return folder.toString();
  }

  /** An executor's part: why it cannot use the folder; empty if it can. */
  static String obstacle(Configuration hadoop, String folder, String executor) {
    try {
      Path there = new Path(folder);
      FileSystem fs = there.getFileSystem(hadoop);
      if (!fs.exists(new Path(there, DRIVER))) {
        return "does not see there what the driver has written";
      }
      CommittedFile.write(fs, new Path(there, "executor-" + executor), executor);
      return "";
    } catch (IOException e) {
      return "cannot write there: " + e.getMessage();
    }
  }

  @Override
  public void close() throws IOException {
    fs.delete(made, true);
  }
}
