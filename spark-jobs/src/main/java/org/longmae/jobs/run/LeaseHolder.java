package org.longmae.jobs.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.UUID;

/**
 * A driver that has, or had, a run: what a lease file says.
 *
 * @param id of this taking, like no other
 * @param host that the driver runs on
 * @param pid of its process
 * @param processStart when the process started, in milliseconds since 1970; a number that is used
 *     again by another process starts at another time
 * @param released whether it has given the run back
 */
record LeaseHolder(String id, String host, long pid, long processStart, boolean released) {
  /** This process. */
  static LeaseHolder here() {
    ProcessHandle process = ProcessHandle.current();
    return new LeaseHolder(
        UUID.randomUUID().toString(), hostName(), process.pid(), start(process), false);
  }

  LeaseHolder gone() {
    return new LeaseHolder(id, host, pid, processStart, true);
  }

  /** Whether it is known to be dead: it ran on this host, and its process is no more. */
  boolean isDead() {
    return host.equals(hostName())
        && ProcessHandle.of(pid).filter(process -> start(process) == processStart).isEmpty();
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
