package org.longmae.model;

import java.util.List;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;
import org.longmae.model.aten.AtenLimits;
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
  private final OpBuffers ops;
  private final MaeSpec spec;
  private final long images;
  private final long visible;
  private final long masked;
  private final long scored;
  private final boolean coarse;
  private final StackBuffers encoder;
  private final StackBuffers decoder;
  private final CoarseBuffers cells;

  private StepBuffers(OpBuffers ops, MaeSpec spec, Recompute recompute, long images) {
    this.ops = ops;
    this.spec = spec;
    this.images = images;
    visible = images * spec.keptPatches();
    masked = images * spec.maskedPatches();
    scored = images * spec.scoredPatches();
    coarse = spec.decoderDownsampling() > 1;
    long rows = visible + images;
    encoder = new StackBuffers(ops, recompute, spec.encoder(), images, rows, rows, Use.ENCODER);
    long tokens = images * spec.decoderGrid().patches();
    long last = coarse ? tokens : masked;
    decoder =
        new StackBuffers(
            ops, recompute, spec.decoder(), images, tokens + images, last, Use.DECODER);
    cells = new CoarseBuffers(ops, spec, images);
  }

  /** The buffers of a step; parts of a batch follow one another. */
  static BufferCount of(MaeSpec spec, StepShape step, OptimConfig optim, Precision precision) {
    BufferCount count = new BufferCount();
    OpBuffers ops = new OpBuffers(count, precision == Precision.BF16 ? Type.BF16 : Type.FP32);
    for (int images : new int[] {step.part(), step.lastPart()}) {
      StepBuffers part = new StepBuffers(ops, spec, step.recompute(), images);
      count.open();
      part.forward();
      part.backward();
      count.close();
    }
    optimizer(ops, spec, step, optim);
    return count;
  }

  private void forward() {
    long width = spec.encoder().width();
    ops.use(Use.ENCODER);
    ops.upload(visible * spec.patchValues());
    ops.take(visible * width);
    ops.gatherOr(visible, visible + images, width);
    ops.gather(visible + images, width); // positions
    encoder.forward();
    ops.norm(visible + images, width);

    long decoderWidth = spec.decoder().width();
    ops.use(Use.DECODER);
    ops.take((visible + images) * decoderWidth);
    ops.gatherOr(visible + images, visible + masked + images, decoderWidth);
    if (coarse) {
      cells.shrink();
    }
    decoder.forward();
    if (coarse) {
      cells.grow();
    }
    ops.norm(scored, decoderWidth);

    ops.use(Use.LOSS);
    long values = scored * spec.predictionValues();
    ops.take(values); // prediction
    if (spec.predictionDownsampling() > 1) {
      ops.count().take(Type.FP32, scored); // weights of the patches
    }
    ops.count().take(Type.FP32, values); // target
    ops.count().take(Type.FP32, values); // error
    ops.borrow(Type.FP32, values); // its squares
    ops.count().take(Type.FP32, images);
    ops.borrow(Type.DOUBLE, images);
  }

  private void backward() {
    long values = scored * spec.predictionValues();
    ops.take(values);
    ops.borrow(Type.FP32, values);

    long decoderWidth = spec.decoder().width();
    ops.use(Use.DECODER);
    ops.take(scored * decoderWidth);
    ops.normBackward(scored, decoderWidth);
    if (coarse) {
      cells.growBackward();
    }
    decoder.backward();
    if (coarse) {
      cells.shrinkBackward();
    }
    ops.sumRows(masked, decoderWidth);
    ops.gather(visible + images, decoderWidth);

    long width = spec.encoder().width();
    ops.use(Use.ENCODER);
    ops.take((visible + images) * width);
    ops.normBackward(visible + images, width);
    encoder.backward();
    ops.sumRows(images, width);
    ops.gather(visible, width);
  }

  /** Scratch of norm, sum and optimiser, a slice at a time of each range that they treat alike. */
  private static void optimizer(OpBuffers ops, MaeSpec spec, StepShape step, OptimConfig optim) {
    ops.use(Use.OPTIMIZER);
    ParameterLayout layout = ParameterLayout.of(spec);
    boolean oneType = ops.compute() == Type.FP32;
    boolean narrow = !oneType && !step.isSplit();
    boolean clipped = optim.clipNorm() > 0;
    if (!oneType && (clipped || step.isSplit())) {
      slice(ops, layout.linearSize()); // a sum of parts, or a norm
    }
    if (clipped && narrow) {
      ops.borrow(Type.FP32, 1); // a squared norm
    }
    boolean adamW = optim.kind() == OptimConfig.Kind.ADAMW;
    if (adamW) {
      ops.borrow(Type.FP32, 2); // numbers of the step
    }
    int depth = spec.encoder().depth();
    List<LayerDecay.Run> runs = LayerDecay.runs(layout, depth, optim.layerDecay());
    for (LayerDecay.Run run : oneType ? runs : LayerDecay.cut(runs, layout.linearSize())) {
      boolean copied = clipped || (narrow && run.to() <= layout.linearSize());
      if (!adamW || copied) {
        slice(ops, run.to() - run.from());
      }
    }
  }

  private static void slice(OpBuffers ops, long length) {
    ops.borrow(Type.FP32, Math.min(AtenLimits.optimizerSlice(), length));
  }
}
