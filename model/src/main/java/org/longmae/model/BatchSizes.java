package org.longmae.model;

import org.longmae.model.ops.Ops;

/** Lets go of memory kept for reuse when a batch has another size than the one before. */
final class BatchSizes {
  private final Ops ops;
  private int last;

  BatchSizes(Ops ops) {
    this.ops = ops;
  }

  void ready(int images) {
    if (images != last) {
      ops.trim();
      last = images;
    }
  }
}
