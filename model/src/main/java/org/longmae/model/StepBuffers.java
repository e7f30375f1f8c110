package org.longmae.model;

import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.aten.AtenLimits;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

/**
 * Every buffer of one training step on the ATen backend, in the order in which {@link
 * MaskedAutoencoder}, its layers and {@code AtenOps} take them; nothing is computed.
 *
 * <p>A method has the name of what it stands for, and each taken buffer its length in the letters
 * of {@code package-info}. So forward reads as the list of what is kept for backward, and backward
 * as the list of what is needed beside it.
 */
final class StepBuffers {
  /** Blocks on rows of B images; behind the last one's attention, {@code last} rows go on. */
  private record Stack(TransformerConfig shape, Use use, long rows, long last) {
    long width() {
      return shape.width();
    }

    long mlpRows(int block) {
      return block == shape.depth() - 1 ? last : rows;
    }
  }

  private final BufferCount buffers;
  private final MaeSpec spec;
  private final Type compute;
  private final Recompute recompute;
  private final long images;
  private final long visible;
  private final long masked;
  private final Stack encoder;
  private final Stack decoder;

  private StepBuffers(
      BufferCount buffers, MaeSpec spec, Type compute, Recompute recompute, long images) {
    this.buffers = buffers;
    this.spec = spec;
    this.compute = compute;
    this.recompute = recompute;
    this.images = images;
    visible = images * spec.keptPatches();
    masked = images * spec.maskedPatches();
    long encoderRows = visible + images;
    long decoderRows = visible + masked + images;
    encoder = new Stack(spec.encoder(), Use.ENCODER, encoderRows, encoderRows);
    decoder = new Stack(spec.decoder(), Use.DECODER, decoderRows, masked);
  }

  /** The buffers of a step; parts of a batch follow one another. */
  static BufferCount of(MaeSpec spec, StepShape step, Precision precision) {
    BufferCount buffers = new BufferCount();
    Type compute = precision == Precision.BF16 ? Type.BF16 : Type.FP32;
    part(new StepBuffers(buffers, spec, compute, step.recompute(), step.part()));
    part(new StepBuffers(buffers, spec, compute, step.recompute(), step.lastPart()));
    optimizer(buffers, spec);
    return buffers;
  }

  private static void part(StepBuffers step) {
    step.buffers.open();
    step.forward();
    step.backward();
    step.buffers.close();
  }

  /** AdamW, on the decayed range and on the rest. */
  private static void optimizer(BufferCount buffers, MaeSpec spec) {
    ParameterLayout layout = ParameterLayout.of(spec);
    long rest = layout.size() - layout.decayedSize();
    buffers.use(Use.OPTIMIZER);
    borrow(buffers, Type.FP32, Math.min(AtenLimits.optimizerSlice(), layout.decayedSize()));
    borrow(buffers, Type.FP32, Math.min(AtenLimits.optimizerSlice(), rest));
  }

  private void forward() {
    buffers.use(Use.ENCODER);
    upload(visible * spec.patchValues());
    take(visible * encoder.width());
    gather(visible + 1, encoder.rows(), encoder.width());
    gather(encoder.rows(), encoder.width()); // positions
    blocks(encoder);
    norm(encoder.rows(), encoder.width());

    buffers.use(Use.DECODER);
    take(encoder.rows() * decoder.width());
    gather(encoder.rows() + 1, decoder.rows(), decoder.width());
    blocks(decoder);
    norm(masked, decoder.width());

    buffers.use(Use.LOSS);
    long values = masked * spec.patchValues();
    take(values); // prediction
    buffers.take(Type.FP32, values); // target
    buffers.take(Type.FP32, values); // error
    borrow(Type.FP32, values); // its squares
    buffers.take(Type.FP32, images);
    borrow(Type.DOUBLE, images);
  }

  private void backward() {
    long values = masked * spec.patchValues();
    take(values);
    borrow(Type.FP32, values);

    buffers.use(Use.DECODER);
    take(masked * decoder.width());
    normBackward(masked, decoder.width());
    blocksBackward(decoder);
    sumOfTokens(masked, decoder.width());
    gather(encoder.rows(), decoder.width());

    buffers.use(Use.ENCODER);
    take(encoder.rows() * encoder.width());
    normBackward(encoder.rows(), encoder.width());
    blocksBackward(encoder);
    sumOfTokens(images, encoder.width());
    gather(visible, encoder.width());
  }

  private void blocks(Stack stack) {
    for (int block = 0; block < stack.shape().depth(); block++) {
      if (recompute == Recompute.BLOCK) {
        buffers.open();
        buffers.closeKeeping(block(stack, block, Ops.Keep.NOTHING));
      } else {
        block(stack, block, keep());
      }
    }
  }

  private Ops.Keep keep() {
    return recompute == Recompute.ATTENTION ? Ops.Keep.INPUTS : Ops.Keep.PROBABILITIES;
  }

  private Buffer block(Stack stack, int block, Ops.Keep keep) {
    long width = stack.width();
    long rows = stack.rows();
    long last = stack.mlpRows(block);
    norm(rows, width);
    take(3 * rows * width); // queries, keys, values
    attention(stack).forward(keep);
    Buffer attended = take(rows * width); // projection
    if (last != rows) {
      gather(last, width);
    }
    norm(last, width);
    take(4 * last * width); // before GELU
    take(4 * last * width); // behind it
    return take(last * width);
  }

  private void blocksBackward(Stack stack) {
    for (int block = stack.shape().depth() - 1; block >= 0; block--) {
      buffers.open();
      if (recompute == Recompute.BLOCK) {
        block(stack, block, keep());
      }
      buffers.closeKeeping(blockBackward(stack, block));
    }
  }

  /** Returns what the gradient of the rows lies in, if it is another buffer than before. */
  private Buffer blockBackward(Stack stack, int block) {
    long width = stack.width();
    long rows = stack.rows();
    long last = stack.mlpRows(block);
    buffers.use(Use.MLP);
    take(4 * last * width); // behind GELU
    take(4 * last * width); // before it
    take(last * width);
    normBackward(last, width);

    buffers.use(stack.use());
    Buffer back = last == rows ? null : gather(last + 1, rows, width);
    buffers.use(Use.ATTENTION);
    take(rows * width); // projection
    attention(stack).backward(keep());
    take(rows * width); // queries, keys, values
    normBackward(rows, width);
    buffers.use(stack.use());
    return back;
  }

  private AttentionBuffers attention(Stack stack) {
    return new AttentionBuffers(buffers, compute, images, stack.shape(), stack.rows(), stack.use());
  }

  private Buffer take(long length) {
    return buffers.take(compute, length);
  }

  /** Takes a buffer and gives it back at once. */
  private void borrow(Type type, long length) {
    borrow(buffers, type, length);
  }

  private static void borrow(BufferCount buffers, Type type, long length) {
    buffers.giveBack(buffers.borrow(type, length));
  }

  /** Floats go through a buffer of their own into another type. */
  private void upload(long length) {
    if (compute != Type.FP32) {
      borrow(Type.FP32, length);
    }
    take(length);
  }

  /** Results and the rows' means and deviations. */
  private void norm(long rows, long width) {
    buffers.own(compute, rows * width);
    buffers.own(Type.FP32, rows);
    buffers.own(Type.FP32, rows);
  }

  private void normBackward(long rows, long width) {
    buffers.own(compute, rows * width);
  }

  /** Rows by an index. */
  private Buffer gather(long rows, long width) {
    Buffer result = take(rows * width);
    borrow(Type.INT32, rows);
    return result;
  }

  /** The same from {@code sources} rows that are copied first, with one more for the token. */
  private Buffer gather(long sources, long rows, long width) {
    Buffer copy = buffers.borrow(compute, sources * width);
    Buffer result = gather(rows, width);
    buffers.giveBack(copy);
    return result;
  }

  private void sumOfTokens(long tokens, long width) {
    buffers.open();
    gather(tokens, width);
    buffers.close();
  }
}
