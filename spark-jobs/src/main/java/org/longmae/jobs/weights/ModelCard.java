package org.longmae.jobs.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TransformerConfig;
import org.longmae.jobs.platform.Version;

/**
 * What an export says of itself, for programs and for people.
 *
 * @param provenance the checkpoint's metadata
 */
record ModelCard(RunConfig config, ExportSettings settings, Map<String, String> provenance) {
  /** ε of every layer norm. */
  static final double NORM_EPSILON = 1e-6;

  /** {@code longmae.json}. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("longmae", Version.current());
    facts.put("format", settings.format().toString());
    facts.put("type", settings.type().name());
    facts.put("image_size", List.of(settings.image().height(), settings.image().width()));
    facts.put("patch_size", settings.patchSize());
    facts.put("sequence_length", settings.grid().patches());
    facts.put("channels", config.image().channels());
    facts.put("pixel_mean", config.image().mean());
    facts.put("pixel_std", config.image().std());
    facts.put("encoder", transformer(config.model().encoder()));
    if (settings.format().hasDecoder()) {
      facts.put("decoder", transformer(config.model().decoder()));
      facts.put("decoder_downsampling", config.model().decoderDownsampling());
      facts.put("prediction_downsampling", config.model().predictionDownsampling());
    }
    facts.put("norm_epsilon", NORM_EPSILON);
    facts.put("gelu", "erf");
    facts.put("mask_ratio", config.mask().ratio());
    facts.put("mask_unit", config.mask().unit());
    facts.put("normalized_target", config.loss().normalizedTarget());
    facts.put(
        "trained_image_size",
        List.of(config.image().size().height(), config.image().size().width()));
    facts.put("trained_patch_size", config.model().patchSize());
    facts.put("steps", provenance.getOrDefault("step", "unknown"));
    facts.put("shards_digest", provenance.getOrDefault("shards", "unknown"));
    facts.put("license", settings.license());
    return facts;
  }

  private static Map<String, Object> transformer(TransformerConfig transformer) {
    return Map.of(
        "width", transformer.width(), "depth", transformer.depth(), "heads", transformer.heads());
  }

  /** {@code README.md}, with the head that Hugging Face's hub reads. */
  String text() {
    TransformerConfig encoder = config.model().encoder();
    TransformerConfig decoder = config.model().decoder();
    return String.format(
        Locale.ROOT,
        """
        ---
        license: %s
        library_name: %s
        tags: [masked-autoencoder, vision-transformer, longmae]
        ---
        # %s

        A Vision Transformer pre-trained as a masked autoencoder ([arXiv:2111.06377](https://arxiv.org/abs/2111.06377)) with masks decoupled from patches ([arXiv:2210.07224](https://arxiv.org/abs/2210.07224)), by LongMAE %s.

        | | |
        |---|---|
        | encoder | width %d, depth %d, heads %d |
        | decoder in training | width %d, depth %d, heads %d |
        | in this file | %s, %s |
        | for pictures of | %s pixels, patches of %d: L = %d |
        | trained on pictures of | %s pixels, patches of %d: L = %d |
        | masks | %s of the patches hidden, in units of %d x %d patches |
        | target | %s |
        | pixels | scaled to [0, 1], minus %s, divided by %s |
        | numerics | layer norm's epsilon 1e-6, GELU by erf |
        | steps | %s, batches of %d, %d epochs planned |

        ## Data

        Shard set `%s`, digest `%s`. The licence of the pictures is that of their source.

        ## Results

        None are stated here: `longmae evaluate --run RUN` measures held-out loss, nearest neighbours and a linear probe beside random weights and raw pixels.

        ## Licence

        %s

        ## Configuration

        ```
        %s```
        """,
        settings.license(),
        settings.format() == ExportFormat.HUGGINGFACE ? "transformers" : settings.format(),
        title(),
        Version.current(),
        encoder.width(),
        encoder.depth(),
        encoder.heads(),
        decoder.width(),
        decoder.depth(),
        decoder.heads(),
        settings.format().hasDecoder() ? "encoder and decoder" : "encoder",
        settings.type(),
        settings.image(),
        settings.patchSize(),
        settings.grid().patches(),
        config.image().size(),
        config.model().patchSize(),
        config.sequenceLength(),
        config.mask().ratio(),
        config.mask().unit(),
        config.mask().unit(),
        config.loss().normalizedTarget() ? "each patch's pixels, normalised" : "pixels",
        config.image().mean(),
        config.image().std(),
        provenance.getOrDefault("step", "unknown"),
        config.train().batch(),
        config.train().epochs(),
        config.data().shards(),
        provenance.getOrDefault("shards", "unknown"),
        settings.license(),
        ConfigLoader.render(config));
  }

  private String title() {
    return String.format(
        Locale.ROOT,
        "Masked autoencoder, %d x %d, patches of %d",
        config.model().encoder().width(),
        config.model().encoder().depth(),
        settings.patchSize());
  }
}
