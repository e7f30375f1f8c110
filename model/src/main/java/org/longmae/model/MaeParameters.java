package org.longmae.model;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.longmae.model.layer.Attention;
import org.longmae.model.layer.Downsample;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
import org.longmae.model.layer.Mlp;
import org.longmae.model.layer.TransformerBlock;
import org.longmae.model.layer.Upsample;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * All weights of a masked autoencoder, as parts of two flat vectors: layer norms are read from the
 * one of the state's type, all else from the one of the compute type. A gradient has the same type.
 *
 * @param downsample where the decoder works on a coarser grid
 * @param upsample where it predicts on a finer grid than it works on
 */
record MaeParameters(
    Encoder.Params encoder,
    Linear.Params decoderEmbedding,
    Tensor maskToken_E,
    Optional<Downsample.Params> downsample,
    List<TransformerBlock.Params> decoder,
    Optional<Upsample.Params> upsample,
    LayerNorm.Params decoderNorm,
    Linear.Params prediction) {

  /**
   * Cuts the vectors.
   *
   * @param state the layout's elements from {@code stateFrom} on, of the state's type
   * @param stateFrom at most layout.linearSize()
   * @param compute at least layout.linearSize() elements of the compute type; {@code state} itself
   *     where the types are equal
   */
  static MaeParameters of(
      Ops ops, MaeSpec spec, ParameterLayout layout, Tensor state, long stateFrom, Tensor compute) {
    Cutter cutter = new Cutter(ops, layout, state, stateFrom, compute);
    return new MaeParameters(
        cutter.encoder(spec.encoder().depth()),
        cutter.linear("decoder_embed"),
        cutter.vector("mask_token"),
        cutter.cells(ParameterLayout.DOWNSAMPLE, Downsample.Params::new),
        cutter.blocks("decoder_blocks", spec.decoder().depth()),
        cutter.cells(ParameterLayout.UPSAMPLE, Upsample.Params::new),
        cutter.norm("decoder_norm"),
        cutter.linear("decoder_pred"));
  }

  /** The encoder's weights in vectors of whole layouts, of which it may be a part. */
  static Encoder.Params encoder(
      Ops ops, EncoderSpec spec, ParameterLayout layout, Tensor state, Tensor compute) {
    return new Cutter(ops, layout, state, 0, compute).encoder(spec.encoder().depth());
  }

  private record Cutter(
      Ops ops, ParameterLayout layout, Tensor state, long stateFrom, Tensor compute) {
    Encoder.Params encoder(int depth) {
      return new Encoder.Params(
          vector("cls_token"), linear("patch_embed.proj"), blocks("blocks", depth), norm("norm"));
    }

    Tensor vector(String name) {
      ParameterLayout.Entry entry = layout.entry(name);
      return ops.slice(compute, entry.offset(), entry.length());
    }

    Linear.Params linear(String name) {
      ParameterLayout.Entry weight = layout.entry(name + ".weight");
      // The patch kernel [D, C, p, p] is a matrix of C·p·p columns.
      long rows = weight.shape()[0];
      return new Linear.Params(
          ops.slice(compute, weight.offset(), rows, weight.length() / rows),
          vector(name + ".bias"));
    }

    /** A kernel as [first axis, second axis, ky·kx], and a bias. */
    <P> Optional<P> cells(String name, BiFunction<Tensor, Tensor, P> params) {
      if (!layout.contains(name + ".weight")) {
        return Optional.empty();
      }
      ParameterLayout.Entry weight = layout.entry(name + ".weight");
      long[] shape = weight.shape();
      Tensor kernel = ops.slice(compute, weight.offset(), shape[0], shape[1], shape[2] * shape[3]);
      return Optional.of(params.apply(kernel, vector(name + ".bias")));
    }

    LayerNorm.Params norm(String name) {
      ParameterLayout.Entry scale = layout.entry(name + ".weight");
      ParameterLayout.Entry shift = layout.entry(name + ".bias");
      return new LayerNorm.Params(
          ops.slice(state, scale.offset() - stateFrom, scale.length()),
          ops.slice(state, shift.offset() - stateFrom, shift.length()));
    }

    List<TransformerBlock.Params> blocks(String prefix, int depth) {
      return IntStream.range(0, depth).mapToObj(block -> block(prefix + "." + block)).toList();
    }

    private TransformerBlock.Params block(String name) {
      return new TransformerBlock.Params(
          norm(name + ".norm1"),
          new Attention.Params(linear(name + ".attn.qkv"), linear(name + ".attn.proj")),
          norm(name + ".norm2"),
          new Mlp.Params(linear(name + ".mlp.fc1"), linear(name + ".mlp.fc2")));
    }
  }
}
