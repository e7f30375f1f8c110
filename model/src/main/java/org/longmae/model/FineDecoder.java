package org.longmae.model;

import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.layer.Forward;
import org.longmae.model.layer.Rows;
import org.longmae.model.layer.TransformerStack;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * The decoder's blocks on every patch.
 *
 * <p>Behind the last attention only hidden patches go on, as nothing else is scored.
 */
final class FineDecoder implements DecoderBlocks {
  private final Ops ops;
  private final MaeSpec spec;
  private final Recompute recompute;
  private final Tensor positions_TE;

  FineDecoder(Ops ops, MaeSpec spec, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.recompute = recompute;
    int width = spec.decoder().width();
    positions_TE = ops.upload(PositionTable.of(spec.grid(), width), spec.patches() + 1, width);
  }

  private record Blocks(TransformerStack.Saved blocks) implements Saved {}

  @Override
  public Forward<Saved> forward(Tensor intoTokens_RE, TokenOrder order, MaeParameters p) {
    ops.addTable(intoTokens_RE, positions_TE);
    Forward<TransformerStack.Saved> decoded =
        TransformerStack.forward(
            ops, intoTokens_RE, p.decoder(), plan(order), order.maskedTokens());
    return new Forward<>(decoded.y(), new Blocks(decoded.saved()));
  }

  @Override
  public Tensor backward(
      Tensor intoDFeatures_SE, Saved saved, MaeParameters p, MaeParameters grad) {
    TransformerStack.Saved blocks = ((Blocks) saved).blocks();
    return TransformerStack.backward(ops, intoDFeatures_SE, blocks, p.decoder(), grad.decoder());
  }

  @Override
  public Tensor infer(Tensor intoTokens_RE, TokenOrder order, MaeParameters p, boolean all) {
    ops.addTable(intoTokens_RE, positions_TE);
    Rows rows = all ? order.patchTokens() : order.maskedTokens();
    return TransformerStack.infer(ops, intoTokens_RE, p.decoder(), plan(order), rows);
  }

  private TransformerStack.Plan plan(TokenOrder order) {
    return new TransformerStack.Plan(order.images(), spec.decoder().heads(), recompute);
  }
}
