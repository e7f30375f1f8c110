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
 * rows alone. In fine-tuning, images may pass branches by: {@link Paths}. Derivation: docs/math.md,
 * "Block".
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
      Ops ops, Tensor x_RD, Params p, Attention.Grouping grouping, Rows rows, Paths paths) {
    Forward<AttentionSaved> attention = attend(ops, x_RD, p, grouping, paths);
    Forward<MlpSaved> mlp = transform(ops, rows.forward(ops, attention.y()), p, paths);
    return new Forward<>(mlp.y(), new Saved(attention.saved(), mlp.saved()));
  }

  /** Returns dX_RD and sets {@code grad}; overwrites {@code intoDY_SD}. */
  public static Tensor backward(
      Ops ops, Tensor intoDY_SD, Saved saved, Params p, Params grad, Rows rows, Paths paths) {
    Tensor dU_SD = transformBackward(ops, intoDY_SD, saved.mlp(), p, grad, paths);
    return attendBackward(ops, rows.backward(ops, dU_SD), saved.attention(), p, grad, paths);
  }

  private static Forward<AttentionSaved> attend(
      Ops ops, Tensor x_RD, Params p, Attention.Grouping grouping, Paths paths) {
    Forward<LayerNorm.Saved> norm = LayerNorm.forward(ops, x_RD, p.norm1());
    Forward<Attention.Saved> attention = Attention.forward(ops, norm.y(), p.attention(), grouping);
    Tensor u_RD = paths.attention(ops, attention.y());
    ops.add(u_RD, x_RD);
    return new Forward<>(u_RD, new AttentionSaved(norm.saved(), attention.saved()));
  }

  private static Tensor attendBackward(
      Ops ops, Tensor intoDU_RD, AttentionSaved saved, Params p, Params grad, Paths paths) {
    Tensor dBranch_RD = paths.attention(ops, intoDU_RD);
    Tensor dNorm_RD =
        Attention.backward(ops, dBranch_RD, saved.attention(), p.attention(), grad.attention());
    ops.add(intoDU_RD, LayerNorm.backward(ops, dNorm_RD, saved.norm(), p.norm1(), grad.norm1()));
    return intoDU_RD;
  }

  private static Forward<MlpSaved> transform(Ops ops, Tensor u_RD, Params p, Paths paths) {
    Forward<LayerNorm.Saved> norm = LayerNorm.forward(ops, u_RD, p.norm2());
    Forward<Mlp.Saved> mlp = Mlp.forward(ops, norm.y(), p.mlp());
    Tensor y_RD = paths.mlp(ops, mlp.y());
    ops.add(y_RD, u_RD);
    return new Forward<>(y_RD, new MlpSaved(norm.saved(), mlp.saved()));
  }

  private static Tensor transformBackward(
      Ops ops, Tensor intoDY_RD, MlpSaved saved, Params p, Params grad, Paths paths) {
    Tensor dBranch_RD = paths.mlp(ops, intoDY_RD);
    Tensor dNorm_RD = Mlp.backward(ops, dBranch_RD, saved.mlp(), p.mlp(), grad.mlp());
    ops.add(intoDY_RD, LayerNorm.backward(ops, dNorm_RD, saved.norm(), p.norm2(), grad.norm2()));
    return intoDY_RD;
  }
}
