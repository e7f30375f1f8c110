package org.longmae.jobs.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restart states of a run: {@code state/round-000123/{manifest.json, chunk-0000, …}}.
 *
 * <p>A worker writes the chunks, the driver commits them by writing the manifest; a folder without
 * a manifest is what a kill left behind and counts as absent.
 */
public final class StateStore {
  private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);
  private static final String PREFIX = "round-";
  private static final String MANIFEST = "manifest.json";

  private final FileSystem fs;
  private final Path root;

  StateStore(FileSystem fs, Path root) {
    this.fs = fs;
    this.root = root;
  }

  /** Where the state after a round belongs. */
  public Path folder(int round) {
    return new Path(root, String.format("%s%06d", PREFIX, round));
  }

  /** Makes a state whose chunks are written the one to restart from. */
  public void commit(StateManifest manifest) throws IOException {
    Path file = new Path(folder(manifest.round()), MANIFEST);
    CommittedFile.write(fs, file, Json.pretty(manifest));
  }

  /** The newest state that is whole; those that are not are named in the log. */
  public Optional<StateManifest> newest() throws IOException {
    for (Path folder : newestFirst()) {
      Optional<StateManifest> manifest = whole(folder);
      if (manifest.isPresent()) {
        return manifest;
      }
    }
    return Optional.empty();
  }

  /** The newest round whose state is committed, whole or not; -1 if there is none. */
  int newestCommitted() throws IOException {
    for (Path folder : newestFirst()) {
      if (fs.exists(new Path(folder, MANIFEST))) {
        return Integer.parseInt(folder.getName().substring(PREFIX.length()));
      }
    }
    return -1;
  }

  /**
   * Deletes all but the newest committed states and the newest that was forced to the disk, and
   * what was never committed before them. What cannot be deleted is named in the log: the run can
   * go on without.
   */
  public void prune(int keep) {
    try {
      int kept = 0;
      boolean anyForced = false;
      for (Path folder : newestFirst()) {
        boolean committed = fs.exists(new Path(folder, MANIFEST));
        boolean forced = committed && !anyForced && isForced(folder);
        if (kept >= keep && !forced) {
          fs.delete(folder, true);
        } else if (committed) {
          kept++;
          anyForced |= forced;
        }
      }
    } catch (IOException e) {
      LOG.warn("[{}] Cannot delete old states: {}", root, e.getMessage());
    }
  }

  /** What cannot be read is of no use after a power failure. */
  private boolean isForced(Path folder) {
    try {
      return manifest(new Path(folder, MANIFEST)).durability() == Durability.FORCED;
    } catch (IOException e) {
      return false;
    }
  }

  private StateManifest manifest(Path file) throws IOException {
    return Json.parse(CommittedFile.readText(fs, file), StateManifest.class, file.toString());
  }

  private Optional<StateManifest> whole(Path folder) throws IOException {
    Path file = new Path(folder, MANIFEST);
    if (!fs.exists(file)) {
      LOG.info("[{}] was never committed; looking further back", folder);
      return Optional.empty();
    }
    try {
      StateManifest manifest = manifest(file);
      for (Chunk chunk : manifest.chunks()) {
        StateFiles.read(fs, folder, chunk);
      }
      return Optional.of(manifest);
    } catch (IOException e) {
      LOG.warn(
          "[{}] is not readable ({}); falling back to the state before it", folder, e.getMessage());
      return Optional.empty();
    }
  }

  private List<Path> newestFirst() throws IOException {
    if (!fs.exists(root)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>();
    for (FileStatus status : fs.listStatus(root)) {
      if (status.isDirectory() && status.getPath().getName().startsWith(PREFIX)) {
        folders.add(status.getPath());
      }
    }
    folders.sort(Comparator.comparing(Path::getName).reversed());
    return folders;
  }
}
