package org.longmae.jobs.run;

/** What a state that was written survives. A killed process or a lost executor takes neither. */
public enum Durability {
  /** On the disk before it counts. */
  FORCED,
  /**
   * With the system, which brings it to the disk in its own time, or never if it is deleted before:
   * a power failure may take it.
   */
  LAZY
}
