package org.longmae.jobs.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.UUID;
import org.longmae.jobs.platform.SparkApplication;

/**
 * A driver that has, or had, a run: what a lease file says.
 *
 * @param id of this taking, like no other
 * @param host that the driver runs on
 * @param pid of its process
 * @param processStart when the process started, in milliseconds since 1970; a number that is used
 *     again by another process starts at another time
 * @param application the YARN application whose master it is; empty, or null in files of before,
 *     where it is none
 * @param released whether it has given the run back
 */
record LeaseHolder(
    String id, String host, long pid, long processStart, String application, boolean released) {
  /** This process. */
  static LeaseHolder here() {
    ProcessHandle process = ProcessHandle.current();
    return new LeaseHolder(
        UUID.randomUUID().toString(),
        hostName(),
        process.pid(),
        start(process),
        SparkApplication.yarnApplication(),
        false);
  }

  LeaseHolder gone() {
    return new LeaseHolder(id, host, pid, processStart, application, true);
  }

  /**
   * Whether it is known to be dead: it ran on this host, and its process is no more; or it was the
   * master of the YARN application that this process now is the master of.
   */
  boolean isDead() {
    return host.equals(hostName()) ? !lives() : isReplacedBy(SparkApplication.yarnApplication());
  }

  /** Whether YARN has started this application's master anew, which it does when one is gone. */
  boolean isReplacedBy(String master) {
    return !master.isEmpty() && master.equals(application);
  }

  private boolean lives() {
    return ProcessHandle.of(pid).filter(process -> start(process) == processStart).isPresent();
  }

  private static long start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown-" + ProcessHandle.current().pid();
    }
  }
}
