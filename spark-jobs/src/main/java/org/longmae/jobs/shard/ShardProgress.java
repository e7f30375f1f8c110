package org.longmae.jobs.shard;

/** Who wants to know how far making a shard set is. Called by one thread. */
public interface ShardProgress {
  /** Tells nobody. */
  ShardProgress NONE =
      new ShardProgress() {
        @Override
        public void at(long done, long total, long leftOut) {}

        @Override
        public void end() {}
      };

  /**
   * So many pictures are done with.
   *
   * @param done in shards that are in place, left out or not
   * @param total to be done, by this call or one before
   * @param leftOut of {@code done}
   */
  void at(long done, long total, long leftOut);

  /** Nothing follows; called whether it ended well or not. */
  void end();
}
