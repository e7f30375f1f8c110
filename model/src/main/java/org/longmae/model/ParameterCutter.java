package org.longmae.model;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.longmae.model.layer.Attention;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
import org.longmae.model.layer.Mlp;
import org.longmae.model.layer.TransformerBlock;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Finds the parts of a model in two flat vectors: layer norms in the one of the state's type, all
 * else in the one of the compute type.
 *
 * @param state the layout's elements from {@code stateFrom} on, of the state's type
 * @param stateFrom at most layout.linearSize()
 * @param compute at least layout.linearSize() elements of the compute type; {@code state} itself
 *     where the types are equal
 */
record ParameterCutter(
    Ops ops, ParameterLayout layout, Tensor state, long stateFrom, Tensor compute) {
  Encoder.Params encoder(int depth) {
    return new Encoder.Params(
        vector("cls_token"), linear("patch_embed.proj"), blocks("blocks", depth), norm("norm"));
  }

  /** A token's rows [T, D], of a parameter [1, T, D]. */
  Tensor table(String name) {
    ParameterLayout.Entry entry = layout.entry(name);
    long[] shape = entry.shape();
    return ops.slice(compute, entry.offset(), shape[1], shape[2]);
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
        ops.slice(compute, weight.offset(), rows, weight.length() / rows), vector(name + ".bias"));
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
