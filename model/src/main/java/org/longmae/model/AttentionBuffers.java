package org.longmae.model;

import org.longmae.conf.TransformerConfig;
import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.aten.AtenLimits;
import org.longmae.model.ops.Ops;

/**
 * The buffers of one attention on the ATen backend, in the order of {@code AtenAttention}; in 32
 * bits of {@code AtenFusedAttention}, whose tiles are too small to count.
 *
 * @param rows B·T
 * @param use what the kept ones are for; scratch is {@link Use#ATTENTION}
 */
record AttentionBuffers(
    BufferCount count, Type compute, long images, TransformerConfig shape, long rows, Use use) {

  /** Takes what is kept, and borrows what is not. */
  void forward(Ops.Keep keep) {
    if (fused()) {
      count.use(use);
      count.own(compute, values()); // result
      count.own(Type.FP32, rowsOfHeads()); // logarithms of sums
      return;
    }
    boolean kept = keepsScores(keep);
    count.use(use);
    count.take(compute, 3 * values()); // heads side by side
    if (kept) {
      count.take(compute, images * scoresAnImage());
    }
    count.take(compute, rowsOfHeads()); // sums
    count.take(compute, values()); // result
    count.use(Use.ATTENTION);
    Buffer byHeads = count.borrow(compute, values());
    chunks(kept ? 0 : 1);
    count.giveBack(byHeads);
    count.use(use);
  }

  /** Takes the gradient of queries, keys and values, and borrows the rest. */
  void backward(Ops.Keep keep) {
    if (fused()) {
      count.take(compute, 3 * values());
      count.open();
      count.own(compute, 3 * values());
      count.close();
      return;
    }
    Buffer dOutput = count.borrow(compute, values());
    Buffer dOutputLess = count.borrow(compute, values() + 2 * rowsOfHeads());
    Buffer values = count.borrow(compute, values() + 2 * rowsOfHeads());
    subtrahend();
    Buffer dQkv = count.borrow(compute, 3 * values());
    chunks(keepsScores(keep) ? 1 : 2);
    count.giveBack(values);
    count.giveBack(dOutputLess);
    count.giveBack(dOutput);
    count.take(compute, 3 * values());
    count.giveBack(dQkv);
  }

  private void subtrahend() {
    count.open();
    count.take(compute, values());
    count.take(Type.FP32, rowsOfHeads());
    count.take(Type.FP32, values());
    count.close();
  }

  private boolean fused() {
    return compute == Type.FP32 && AtenLimits.fusesFloats(shape.width() / shape.heads());
  }

  private boolean keepsScores(Ops.Keep keep) {
    return keep == Ops.Keep.PROBABILITIES && images * scoresAnImage() <= AtenLimits.keptScores();
  }

  /** Scratch of scores for some images at a time; the last ones may be fewer. */
  private void chunks(int scratches) {
    long most = AtenLimits.scoresAtATime() / scoresAnImage();
    long atATime = Math.max(1, Math.min(images, most));
    chunk(atATime * scoresAnImage(), scratches);
    if (images % atATime != 0) {
      chunk(images % atATime * scoresAnImage(), scratches);
    }
  }

  private void chunk(long scores, int scratches) {
    count.open();
    for (int i = 0; i < scratches; i++) {
      count.take(compute, scores);
    }
    count.close();
  }

  private long values() {
    return rows * shape.width();
  }

  /** B·N·T. */
  private long rowsOfHeads() {
    return rows * shape.heads();
  }

  private long scoresAnImage() {
    long tokens = rows / images;
    return shape.heads() * tokens * tokens;
  }
}
