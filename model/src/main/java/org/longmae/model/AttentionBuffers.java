package org.longmae.model;

import org.longmae.conf.TransformerConfig;
import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.aten.AtenLimits;
import org.longmae.model.ops.Ops;

/**
 * The buffers of one attention on the ATen backend, in the order of {@code DnnlAttention}.
 *
 * @param rows B·T
 * @param use what the kept ones are for; scratch is {@link Use#ATTENTION}
 */
record AttentionBuffers(
    BufferCount count, Type compute, long images, TransformerConfig shape, long rows, Use use) {

  /** Takes what is kept, and borrows what is not. */
  void forward(Ops.Keep keep) {
    boolean kept = keepsScores(keep);
    count.use(use);
    if (kept) {
      count.take(compute, images * scoresAnImage());
    }
    count.take(compute, values()); // result
    count.use(Use.ATTENTION);
    Buffer sums = sums();
    chunks(kept ? 0 : 1);
    count.giveBack(sums);
    count.use(use);
  }

  /** Takes the gradient of queries, keys and values, and borrows the rest. */
  void backward(Ops.Keep keep) {
    boolean kept = keepsScores(keep);
    count.take(compute, 3 * values());
    if (kept) {
      chunks(1);
    } else {
      Buffer sums = sums();
      chunks(2);
      count.giveBack(sums);
    }
  }

  /** Of each row of scores. */
  private Buffer sums() {
    return count.borrow(Type.FP32, images * shape.heads() * tokens());
  }

  private boolean keepsScores(Ops.Keep keep) {
    return keep == Ops.Keep.PROBABILITIES && images * scoresAnImage() <= AtenLimits.keptScores();
  }

  /** Scratch for some images at a time, or for some heads of one; the last ones may be fewer. */
  private void chunks(int scores) {
    long most = AtenLimits.scoresAtATime() / (tokens() * tokens());
    boolean wholeImages = most >= shape.heads();
    long all = wholeImages ? images : shape.heads();
    long atATime = Math.max(1, Math.min(all, wholeImages ? most / shape.heads() : most));
    long headsEach = wholeImages ? shape.heads() : 1;
    chunk(atATime * headsEach, scores);
    if (all % atATime != 0) {
      chunk(all % atATime * headsEach, scores);
    }
  }

  private void chunk(long heads, int scores) {
    count.open();
    for (int i = 0; i < scores; i++) {
      count.take(compute, heads * tokens() * tokens());
    }
    count.close();
  }

  private long values() {
    return rows * shape.width();
  }

  private long tokens() {
    return rows / images;
  }

  private long scoresAnImage() {
    return shape.heads() * tokens() * tokens();
  }
}
