package org.longmae.jobs.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.longmae.data.file.CommittedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to drive a run: {@code lease/000007.json}. The highest number is the holder's; whoever
 * takes the run writes the next one, which the file system lets only one driver create.
 *
 * <p>The holder writes its file again every few seconds, as a sign of life. A lease is free when it
 * was released, when its process is dead on this host, or when its file is older than {@code lapse}
 * by the file system's own clock, so that hosts' clocks need not agree. A driver that was given up
 * finds a higher number at {@link #check}, which it asks before each commit.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final int BEATS = 6;

  /** After Spark is stopped, before Hadoop closes file systems. */
  private static final int SHUTDOWN_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 10;

  private final FileSystem fs;
  private final Path folder;
  private final long number;
  private final LeaseHolder holder;
  private final ScheduledExecutorService heart;
  private final Runnable atShutdown = this::release;
  private boolean released;

  private Lease(FileSystem fs, Path folder, long number, LeaseHolder holder, Duration lapse) {
    this.fs = fs;
    this.folder = folder;
    this.number = number;
    this.holder = holder;
    heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "longmae-lease");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(1, lapse.toMillis() / BEATS);
    heart.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
    ShutdownHookManager.get().addShutdownHook(atShutdown, SHUTDOWN_PRIORITY);
  }

  /**
   * Takes a run that nobody drives.
   *
   * @param folder of the lease's files
   * @param lapse time after a holder's last sign of life in which the run stays its own
   * @throws LeaseException if another driver has it
   */
  static Lease take(FileSystem fs, Path folder, Duration lapse) throws IOException {
    fs.mkdirs(folder);
    Optional<Path> newest = newest(fs, folder);
    requireFree(fs, folder, lapse);
    long number = newest.map(Lease::number).orElse(0L) + 1;
    LeaseHolder holder = LeaseHolder.here();
    Path file = file(folder, number);
    try (FSDataOutputStream out = fs.create(file, false)) {
      out.write(Json.pretty(holder).getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException e) {
      throw new LeaseException("[" + file + "] another driver has just taken the run");
    }
    newest.ifPresent(old -> LOG.info("[{}] taken after [{}]", file, old.getName()));
    return new Lease(fs, folder, number, holder, lapse);
  }

  /**
   * Makes sure that a run could be taken.
   *
   * @throws LeaseException if another driver has it
   */
  static void requireFree(FileSystem fs, Path folder, Duration lapse) throws IOException {
    Optional<Path> newest = newest(fs, folder);
    if (newest.isPresent()) {
      refuseIfHeld(fs, newest.get(), lapse);
    }
  }

  /** Whether somebody drives a run: {@code running}, {@code silent} or {@code stopped}. */
  static String state(FileSystem fs, Path folder, Duration lapse) throws IOException {
    Optional<Path> newest = newest(fs, folder);
    if (newest.isEmpty()) {
      return "stopped";
    }
    LeaseHolder holder = read(fs, newest.get());
    if (holder.released() || holder.isDead()) {
      return "stopped";
    }
    long beat = fs.getFileStatus(newest.get()).getModificationTime();
    return System.currentTimeMillis() - beat < lapse.toMillis() ? "running" : "silent";
  }

  /** The last driver of a run; empty if it had none. */
  static String driver(FileSystem fs, Path folder) throws IOException {
    Optional<Path> newest = newest(fs, folder);
    if (newest.isEmpty()) {
      return "";
    }
    LeaseHolder holder = read(fs, newest.get());
    return String.format("process %d on %s", holder.pid(), holder.host());
  }

  /** Counts the drivers that have had the run. */
  public long number() {
    return number;
  }

  /**
   * Makes sure that the run is still this driver's.
   *
   * @throws LeaseException if another one has taken it
   */
  public void check() throws IOException {
    Path file = file(folder, number);
    Path newest = newest(fs, folder).orElse(file);
    boolean ours = number(newest) == number && read(fs, newest).id().equals(holder.id());
    if (!ours) {
      throw new LeaseException(
          String.format(
              "[%s] must be this driver's to commit but another one has taken the run: [%s]",
              file, newest.getName()));
    }
  }

  /** Gives the run back. */
  @Override
  public void close() {
    release();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(atShutdown);
    }
  }

  private synchronized void release() {
    if (released) {
      return;
    }
    released = true;
    heart.shutdownNow();
    try {
      check();
      write(holder.gone());
      for (Path file : files(fs, folder)) {
        if (number(file) < number) {
          fs.delete(file, false);
        }
      }
    } catch (IOException e) {
      LOG.warn("[{}] Cannot give the lease back; it lapses: {}", folder, e.getMessage());
    }
  }

  private synchronized void beat() {
    if (released) {
      return;
    }
    try {
      check();
      write(holder);
    } catch (IOException e) {
      // Commits find out by themselves.
      LOG.warn("[{}] Cannot renew the lease: {}", folder, e.getMessage());
    }
  }

  private void write(LeaseHolder state) throws IOException {
    try (FSDataOutputStream out = fs.create(file(folder, number), true)) {
      out.write(Json.pretty(state).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void refuseIfHeld(FileSystem fs, Path file, Duration lapse) throws IOException {
    LeaseHolder holder = read(fs, file);
    if (holder.released() || holder.isDead()) {
      return;
    }
    long silent = now(fs, file.getParent()) - fs.getFileStatus(file).getModificationTime();
    if (silent < lapse.toMillis()) {
      throw new LeaseException(
          String.format(
              "[%s] a run must have one driver but process %d on %s has this one; its last sign of"
                  + " life is %d s old, at %d s the run is free",
              file, holder.pid(), holder.host(), silent / 1000, lapse.toSeconds()));
    }
    LOG.warn("[{}] its holder has been silent for {} s; taking the run", file, silent / 1000);
  }

  /** Time by the file system's clock. */
  private static long now(FileSystem fs, Path folder) throws IOException {
    Path probe = new Path(folder, "_clock-" + ProcessHandle.current().pid());
    fs.create(probe, true).close();
    long now = fs.getFileStatus(probe).getModificationTime();
    fs.delete(probe, false);
    return now;
  }

  /** A file that is just being written again is empty for a moment. */
  private static LeaseHolder read(FileSystem fs, Path file) throws IOException {
    for (int attempt = 0; ; attempt++) {
      String text = CommittedFile.readText(fs, file);
      if (!text.isBlank() || attempt == BEATS) {
        return Json.parse(text, LeaseHolder.class, file.toString());
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while reading " + file, e);
      }
    }
  }

  private static Path file(Path folder, long number) {
    return new Path(folder, String.format("%06d.json", number));
  }

  private static long number(Path file) {
    return Long.parseLong(file.getName().replace(".json", ""));
  }

  private static Optional<Path> newest(FileSystem fs, Path folder) throws IOException {
    return files(fs, folder).stream().max(Comparator.comparing(Lease::number));
  }

  private static List<Path> files(FileSystem fs, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!fs.exists(folder)) {
      return files;
    }
    for (FileStatus status : fs.listStatus(folder)) {
      if (status.getPath().getName().matches("\\d+\\.json")) {
        files.add(status.getPath());
      }
    }
    return files;
  }
}
