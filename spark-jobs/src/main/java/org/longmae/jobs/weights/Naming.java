package org.longmae.jobs.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.longmae.model.ParameterLayout;

/** How tensors are called, and how the fused matrix of queries, keys and values is cut. */
enum Naming {
  /** MAE's and timm's state dicts: the names of {@link ParameterLayout}. */
  MAE("pos_embed", "decoder_pos_embed") {
    @Override
    String firstNorm(String stack, int block) {
      return stack + "blocks." + block + ".norm1.weight";
    }

    @Override
    List<Part> parts(ParameterLayout.Entry parameter) {
      return List.of(Part.whole(parameter.name(), parameter));
    }
  },

  /** Hugging Face's {@code ViTMAEForPreTraining}: queries, keys and values apart. */
  HUGGING_FACE("vit.embeddings.position_embeddings", "decoder.decoder_pos_embed") {
    @Override
    String firstNorm(String stack, int block) {
      String layers = stack.isEmpty() ? ENCODER : DECODER;
      return layers + block + ".layernorm_before.weight";
    }

    @Override
    List<Part> parts(ParameterLayout.Entry parameter) {
      String name = parameter.name();
      String[] parts = name.split("\\.");
      return switch (parts[0]) {
        case "blocks" -> inBlock(ENCODER, parts, parameter);
        case "decoder_blocks" -> inBlock(DECODER, parts, parameter);
        case "cls_token" -> List.of(Part.whole("vit.embeddings.cls_token", parameter));
        case "patch_embed" ->
            List.of(
                Part.whole("vit.embeddings.patch_embeddings.projection." + parts[2], parameter));
        case "norm" -> List.of(Part.whole("vit.layernorm." + parts[1], parameter));
        default -> List.of(Part.whole("decoder." + name, parameter));
      };
    }

    private List<Part> inBlock(String prefix, String[] parts, ParameterLayout.Entry parameter) {
      String block = prefix + parts[1] + ".";
      String kind = parts[parts.length - 1];
      return switch (parts[2]) {
        case "norm1" -> List.of(Part.whole(block + "layernorm_before." + kind, parameter));
        case "norm2" -> List.of(Part.whole(block + "layernorm_after." + kind, parameter));
        case "mlp" -> {
          String layer = parts[3].equals("fc1") ? "intermediate" : "output";
          yield List.of(Part.whole(block + layer + ".dense." + kind, parameter));
        }
        default ->
            parts[3].equals("proj")
                ? List.of(Part.whole(block + "attention.output.dense." + kind, parameter))
                : thirds(block + "attention.attention.%s." + kind, parameter);
      };
    }

    /** Rows [0, D) are the queries', [D, 2D) the keys', [2D, 3D) the values'. */
    private List<Part> thirds(String name, ParameterLayout.Entry fused) {
      long[] shape = fused.shape();
      shape[0] /= 3;
      List<Part> parts = new ArrayList<>();
      for (String third : List.of("query", "key", "value")) {
        long offset = parts.size() * fused.length() / 3;
        parts.add(new Part(String.format(name, third), shape, fused.name(), offset));
      }
      return parts;
    }
  };

  private static final String ENCODER = "vit.encoder.layer.";
  private static final String DECODER = "decoder.decoder_layers.";

  private final String positions;
  private final String decoderPositions;

  Naming(String positions, String decoderPositions) {
    this.positions = positions;
    this.decoderPositions = decoderPositions;
  }

  /** The tensors that a parameter is, in the order of its elements. */
  abstract List<Part> parts(ParameterLayout.Entry parameter);

  /** The encoder's position table. */
  String positions() {
    return positions;
  }

  /** The decoder's. */
  String decoderPositions() {
    return decoderPositions;
  }

  /**
   * The first norm of a block, by which a model of this naming is known.
   *
   * @param stack empty for the encoder's, {@code decoder_} for the decoder's
   */
  abstract String firstNorm(String stack, int block);

  /** The tensors of all parameters. */
  Stream<Part> parts(ParameterLayout layout) {
    return layout.entries().stream().flatMap(entry -> parts(entry).stream());
  }
}
