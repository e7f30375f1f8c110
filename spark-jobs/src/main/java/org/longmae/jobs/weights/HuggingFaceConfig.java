package org.longmae.jobs.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.longmae.conf.ImageSize;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TransformerConfig;

/**
 * What Hugging Face asks for beside the weights of a ViTMAE. Its layer norms default to an ε of
 * 1e-12; MAE's is 1e-6.
 *
 * @see <a href="https://huggingface.co/docs/transformers/model_doc/vit_mae">ViTMAE</a>
 */
record HuggingFaceConfig(RunConfig config, ExportSettings settings) {
  /** {@code config.json}. */
  Map<String, Object> model() {
    TransformerConfig encoder = config.model().encoder();
    TransformerConfig decoder = config.model().decoder();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("architectures", List.of("ViTMAEForPreTraining"));
    model.put("model_type", "vit_mae");
    model.put("image_size", sides(settings.image()));
    model.put("patch_size", settings.patchSize());
    model.put("num_channels", config.image().channels());
    model.put("hidden_size", encoder.width());
    model.put("num_hidden_layers", encoder.depth());
    model.put("num_attention_heads", encoder.heads());
    model.put("intermediate_size", 4 * encoder.width());
    model.put("decoder_hidden_size", decoder.width());
    model.put("decoder_num_hidden_layers", decoder.depth());
    model.put("decoder_num_attention_heads", decoder.heads());
    model.put("decoder_intermediate_size", 4 * decoder.width());
    model.put("hidden_act", "gelu");
    model.put("layer_norm_eps", ModelCard.NORM_EPSILON);
    model.put("qkv_bias", true);
    model.put("hidden_dropout_prob", 0.0);
    model.put("attention_probs_dropout_prob", 0.0);
    model.put("initializer_range", 0.02);
    model.put("mask_ratio", config.mask().ratio());
    model.put("norm_pix_loss", config.loss().normalizedTarget());
    model.put("torch_dtype", torchType());
    return model;
  }

  private String torchType() {
    return switch (settings.type()) {
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }

  /** {@code preprocessor_config.json}: bicubic, scaled to [0, 1], normalised. */
  Map<String, Object> preprocessor() {
    Map<String, Object> preprocessor = new LinkedHashMap<>();
    preprocessor.put("image_processor_type", "ViTImageProcessor");
    preprocessor.put("do_resize", true);
    preprocessor.put(
        "size", Map.of("height", settings.image().height(), "width", settings.image().width()));
    preprocessor.put("resample", 3);
    preprocessor.put("do_rescale", true);
    preprocessor.put("rescale_factor", 1 / 255.0);
    preprocessor.put("do_normalize", true);
    preprocessor.put("image_mean", config.image().mean());
    preprocessor.put("image_std", config.image().std());
    return preprocessor;
  }

  private static Object sides(ImageSize size) {
    return size.height() == size.width()
        ? (Object) size.height()
        : List.of(size.height(), size.width());
  }
}
