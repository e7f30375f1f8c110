package org.longmae.model;

import org.longmae.conf.TransformerConfig;
import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.aten.AtenLimits;
import org.longmae.model.ops.Ops;

/**
 * The buffers of one attention on the ATen backend, in the order of {@code AtenAttention}.
 *
 * @param rows B·T
 * @param use what the kept ones are for; scratch is {@link Use#ATTENTION}
 */
record AttentionBuffers(
    BufferCount buffers, Type compute, long images, TransformerConfig shape, long rows, Use use) {
  /** Tokens below which softmax in bf16 goes through 32 bits. */
  private static final long SHORT_ROW = 32;

  /** Takes what is kept, and borrows what is not. */
  void forward(Ops.Keep keep) {
    boolean kept = keepsScores(keep);
    buffers.use(use);
    buffers.take(compute, 3 * rows * shape.width()); // heads side by side
    if (kept) {
      buffers.take(compute, images * scoresAnImage());
    }
    buffers.use(Use.ATTENTION);
    Buffer context = buffers.borrow(compute, rows * shape.width());
    buffers.use(use);
    buffers.take(compute, rows * shape.width());
    buffers.use(Use.ATTENTION);
    chunks(kept ? 0 : 1, 1);
    buffers.giveBack(context);
    buffers.use(use);
  }

  /** Takes the gradient of queries, keys and values, and borrows the rest. */
  void backward(Ops.Keep keep) {
    Buffer dContext = buffers.borrow(compute, rows * shape.width());
    Buffer dQkv = buffers.borrow(compute, 3 * rows * shape.width());
    chunks(keepsScores(keep) ? 1 : 2, 2);
    buffers.giveBack(dContext);
    buffers.take(compute, 3 * rows * shape.width());
    buffers.giveBack(dQkv);
  }

  private boolean keepsScores(Ops.Keep keep) {
    return keep == Ops.Keep.PROBABILITIES && images * scoresAnImage() <= AtenLimits.keptScores();
  }

  /** Scratch of scores for some images at a time; the last ones may be fewer. */
  private void chunks(int scratches, int wideScratches) {
    long atATime = Math.max(1, Math.min(images, AtenLimits.scoresAtATime() / scoresAnImage()));
    chunk(atATime * scoresAnImage(), scratches, wideScratches);
    if (images % atATime != 0) {
      chunk(images % atATime * scoresAnImage(), scratches, wideScratches);
    }
  }

  private void chunk(long scores, int scratches, int wideScratches) {
    buffers.open();
    for (int i = 0; i < scratches; i++) {
      buffers.take(compute, scores);
    }
    boolean wide = compute == Type.BF16 && rows / images < SHORT_ROW;
    for (int i = 0; i < (wide ? wideScratches : 0); i++) {
      buffers.take(Type.FP32, scores);
    }
    buffers.close();
  }

  private long scoresAnImage() {
    long tokens = rows / images;
    return shape.heads() * tokens * tokens;
  }
}
