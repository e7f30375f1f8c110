package org.longmae.data.shard;

/** Who builds a shard tells this of every picture, and asks whether to go on. */
public interface BuildWatch {
  /** Counts nothing and never stops. */
  BuildWatch NONE =
      new BuildWatch() {
        @Override
        public void stored(long bytes, boolean encodedAgain) {}

        @Override
        public void leftOut() {}

        @Override
        public boolean isStopped() {
          return false;
        }
      };

  /** A picture went into the shard. */
  void stored(long bytes, boolean encodedAgain);

  /** A picture was quarantined. */
  void leftOut();

  /** Whether nobody waits for the shard any more. */
  boolean isStopped();
}
