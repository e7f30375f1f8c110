package org.longmae.data.shard;

import java.io.Serializable;
import java.util.List;

/** What a task that builds a shard comes to. */
public sealed interface ShardOutcome extends Serializable permits ShardResult, ShardAbandoned {
  /** The planned pictures that could not be read, in the plan's order, as far as it was built. */
  List<Quarantined> quarantined();
}
