package org.longmae.model;

import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.ops.Ops;

/**
 * The buffers of transformer blocks, in the order of {@code TransformerStack} and {@code
 * TransformerBlock}.
 *
 * @param images B
 * @param rows B·T
 * @param last rows that go on behind the last block's attention
 * @param use what the activations are for
 */
record StackBuffers(
    OpBuffers ops,
    Recompute recompute,
    TransformerConfig shape,
    long images,
    long rows,
    long last,
    Use use) {

  void forward() {
    ops.use(use);
    for (int block = 0; block < shape.depth(); block++) {
      if (recompute == Recompute.BLOCK) {
        ops.count().open();
        ops.count().closeKeeping(block(mlpRows(block), Ops.Keep.NOTHING));
      } else {
        block(mlpRows(block), keep());
      }
    }
  }

  void backward() {
    ops.use(use);
    for (int block = shape.depth() - 1; block >= 0; block--) {
      ops.count().open();
      if (recompute == Recompute.BLOCK) {
        block(mlpRows(block), keep());
      }
      ops.count().closeKeeping(blockBackward(mlpRows(block)));
    }
  }

  private long mlpRows(int block) {
    return block == shape.depth() - 1 ? last : rows;
  }

  private Ops.Keep keep() {
    return recompute == Recompute.ATTENTION ? Ops.Keep.INPUTS : Ops.Keep.PROBABILITIES;
  }

  private Buffer block(long mlpRows, Ops.Keep keep) {
    long width = shape.width();
    ops.norm(rows, width);
    ops.take(3 * rows * width); // queries, keys, values
    attention().forward(keep);
    ops.take(rows * width); // projection
    if (mlpRows != rows) {
      ops.gather(mlpRows, width);
    }
    ops.norm(mlpRows, width);
    ops.take(4 * mlpRows * width); // before GELU
    ops.take(4 * mlpRows * width); // behind it
    return ops.take(mlpRows * width);
  }

  /** Returns what the gradient of all rows lies in; null if it is where that of some lay. */
  private Buffer blockBackward(long mlpRows) {
    long width = shape.width();
    ops.use(Use.MLP);
    ops.take(4 * mlpRows * width); // behind GELU
    ops.take(4 * mlpRows * width); // before it
    ops.take(mlpRows * width);
    ops.normBackward(mlpRows, width);

    ops.use(use);
    Buffer all = mlpRows == rows ? null : ops.gatherOr(mlpRows, rows, width);
    ops.use(Use.ATTENTION);
    ops.take(rows * width); // projection
    attention().backward(keep());
    ops.take(rows * width); // queries, keys, values
    ops.normBackward(rows, width);
    ops.use(use);
    return all;
  }

  private AttentionBuffers attention() {
    return new AttentionBuffers(ops.count(), ops.compute(), images, shape, rows, use);
  }
}
