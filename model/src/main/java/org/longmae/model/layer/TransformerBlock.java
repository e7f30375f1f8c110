package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * A pre-norm transformer block.
 *
 * <pre>
 *   forward    u = x + Attention(LayerNorm₁(x))      y = u + Mlp(LayerNorm₂(u))
 *   backward   du = dy + d(Mlp ∘ LayerNorm₂)         dx = du + d(Attention ∘ LayerNorm₁)
 * </pre>
 *
 * <p>The last block of a stack may be asked for some rows of y only: attention needs all tokens, as
 * every token is looked at, but what follows it works on each row by itself and is done for these
 * rows alone. Derivation: docs/math.md, "Block".
 */
public final class TransformerBlock {
  private TransformerBlock() {}

  /** The weights; a gradient has the same type. */
  public record Params(
      LayerNorm.Params norm1, Attention.Params attention, LayerNorm.Params norm2, Mlp.Params mlp) {}

  /** What the attention half's backward needs. */
  public record AttentionSaved(LayerNorm.Saved norm, Attention.Saved attention) {}

  /** What the MLP half's backward needs. */
  public record MlpSaved(LayerNorm.Saved norm, Mlp.Saved mlp) {}

  /** What backward needs. */
  public record Saved(AttentionSaved attention, MlpSaved mlp) {}

  /** Returns the chosen rows of y_RD as y_SD. */
  public static Forward<Saved> forward(
      Ops ops, Tensor x_RD, Params p, Attention.Grouping grouping, Rows rows) {
    Forward<AttentionSaved> attention = attend(ops, x_RD, p, grouping);
    Forward<MlpSaved> mlp = transform(ops, rows.forward(ops, attention.y()), p);
    return new Forward<>(mlp.y(), new Saved(attention.saved(), mlp.saved()));
  }

  /** Returns dX_RD and sets {@code grad}; overwrites {@code intoDY_SD}. */
  public static Tensor backward(
      Ops ops, Tensor intoDY_SD, Saved saved, Params p, Params grad, Rows rows) {
    Tensor dU_SD = transformBackward(ops, intoDY_SD, saved.mlp(), p, grad);
    return attendBackward(ops, rows.backward(ops, dU_SD), saved.attention(), p, grad);
  }

  private static Forward<AttentionSaved> attend(
      Ops ops, Tensor x_RD, Params p, Attention.Grouping grouping) {
    Forward<LayerNorm.Saved> norm = LayerNorm.forward(ops, x_RD, p.norm1());
    Forward<Attention.Saved> attention = Attention.forward(ops, norm.y(), p.attention(), grouping);
    ops.add(attention.y(), x_RD);
    return new Forward<>(attention.y(), new AttentionSaved(norm.saved(), attention.saved()));
  }

  private static Tensor attendBackward(
      Ops ops, Tensor intoDU_RD, AttentionSaved saved, Params p, Params grad) {
    Tensor dNorm_RD =
        Attention.backward(ops, intoDU_RD, saved.attention(), p.attention(), grad.attention());
    ops.add(intoDU_RD, LayerNorm.backward(ops, dNorm_RD, saved.norm(), p.norm1(), grad.norm1()));
    return intoDU_RD;
  }

  private static Forward<MlpSaved> transform(Ops ops, Tensor u_RD, Params p) {
    Forward<LayerNorm.Saved> norm = LayerNorm.forward(ops, u_RD, p.norm2());
    Forward<Mlp.Saved> mlp = Mlp.forward(ops, norm.y(), p.mlp());
    ops.add(mlp.y(), u_RD);
    return new Forward<>(mlp.y(), new MlpSaved(norm.saved(), mlp.saved()));
  }

  private static Tensor transformBackward(
      Ops ops, Tensor intoDY_RD, MlpSaved saved, Params p, Params grad) {
    Tensor dNorm_RD = Mlp.backward(ops, intoDY_RD, saved.mlp(), p.mlp(), grad.mlp());
    ops.add(intoDY_RD, LayerNorm.backward(ops, dNorm_RD, saved.norm(), p.norm2(), grad.norm2()));
    return intoDY_RD;
  }
}
