package org.longmae.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.longmae.conf.TransformerConfig;

/**
 * Where each parameter lies in the flat vector of all of them. The optimiser's moments and the
 * gradient have the same layout.
 *
 * <pre>
 *   | matrices, patch kernel, class and mask token | biases | layer norms |
 *   0                                    decayedSize     linearSize     size
 *   |--------------- weight decay ----------------|
 *   |------------- used in the compute type ---------------|
 * </pre>
 *
 * <p>A classifier has a trained position table and a head; it decays neither class token nor
 * positions, which lie among its biases then.
 *
 * <p>So AdamW is a few calls on contiguous ranges, more where layers learn at rates of their own,
 * and the copy of the weights in the compute type one cast. Names and shapes are those of the
 * MAE/timm state dict; matrices are row-major {@code [out, in]}. The two position tables of the
 * autoencoder are fixed and not in the vector: see {@link PositionTable}.
 */
public final class ParameterLayout implements Serializable {
  /** The convolution that shrinks the decoder's grid, where it does. */
  static final String DOWNSAMPLE = "decoder_downsample";

  /** The transposed convolution that grows it again, where it does. */
  static final String UPSAMPLE = "decoder_upsample";

  /** The position table [1, L + 1, D], where it is trained: in fine-tuning. */
  public static final String POSITIONS = "pos_embed";

  /** The matrix that classes are read off by. */
  static final String HEAD = "head";

  /** The kernel [D, C, p, p] that embeds patches: the one that transfer at another p resizes. */
  public static final String PATCH_KERNEL = "patch_embed.proj.weight";

  private static final long serialVersionUID = 1L;

  /**
   * One parameter.
   *
   * @param name in the state dict, such as {@code blocks.0.attn.qkv.weight}
   * @param offset of its first element
   * @param shape slowest axis first
   * @param decayed whether weight decay applies: to all but biases and layer norms; in a
   *     classifier, nor to class token and positions
   */
  public record Entry(String name, long offset, long[] shape, boolean decayed)
      implements Serializable {
    public Entry {
      shape = shape.clone();
    }

    /** A copy of the shape. */
    @Override
    public long[] shape() {
      return shape.clone();
    }

    /** Number of elements. */
    public long length() {
      long length = 1;
      for (long side : shape) {
        length *= side;
      }
      return length;
    }
  }

  /** Parts of the vector, in order. */
  private enum Part {
    DECAYED,
    BIAS,
    NORM
  }

  private record Unplaced(String name, Part part, long... shape) {}

  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
  private final long[] ends = new long[Part.values().length];

  private ParameterLayout(List<Unplaced> parameters) {
    List<Unplaced> ordered = new ArrayList<>(parameters);
    ordered.sort(Comparator.comparing(Unplaced::part));
    long offset = 0;
    for (Unplaced parameter : ordered) {
      boolean decayed = parameter.part() == Part.DECAYED;
      Entry entry = new Entry(parameter.name(), offset, parameter.shape(), decayed);
      entries.put(parameter.name(), entry);
      offset += entry.length();
      ends[parameter.part().ordinal()] = offset;
    }
  }

  /** The layout of a model. */
  public static ParameterLayout of(MaeSpec spec) {
    List<Unplaced> parameters = new ArrayList<>();
    addEncoder(parameters, EncoderSpec.of(spec));
    long width = spec.encoder().width();
    long decoderWidth = spec.decoder().width();
    addLinear(parameters, "decoder_embed", width, decoderWidth);
    parameters.add(new Unplaced("mask_token", Part.DECAYED, 1, 1, decoderWidth));
    if (spec.decoderDownsampling() > 1) {
      addCells(parameters, DOWNSAMPLE, decoderWidth, spec.decoderDownsampling());
    }
    addBlocks(parameters, "decoder_blocks", spec.decoder());
    if (spec.decoderDownsampling() > spec.predictionDownsampling()) {
      int growth = spec.decoderDownsampling() / spec.predictionDownsampling();
      addCells(parameters, UPSAMPLE, decoderWidth, growth);
    }
    addNorm(parameters, "decoder_norm", decoderWidth);
    addLinear(parameters, "decoder_pred", decoderWidth, spec.predictionValues());
    return new ParameterLayout(parameters);
  }

  /** The layout of an encoder by itself. */
  public static ParameterLayout of(EncoderSpec spec) {
    List<Unplaced> parameters = new ArrayList<>();
    addEncoder(parameters, spec);
    return new ParameterLayout(parameters);
  }

  /** The layout of a classifier. */
  public static ParameterLayout of(ClassifierSpec spec) {
    List<Unplaced> parameters = new ArrayList<>();
    EncoderSpec encoder = spec.encoder();
    long width = encoder.encoder().width();
    parameters.add(new Unplaced("cls_token", Part.BIAS, 1, 1, width));
    parameters.add(new Unplaced(POSITIONS, Part.BIAS, 1, encoder.patches() + 1L, width));
    addBody(parameters, encoder);
    addNorm(parameters, spec.normName(), width);
    addLinear(parameters, HEAD, width, spec.classes());
    return new ParameterLayout(parameters);
  }

  private static void addEncoder(List<Unplaced> parameters, EncoderSpec spec) {
    long width = spec.encoder().width();
    parameters.add(new Unplaced("cls_token", Part.DECAYED, 1, 1, width));
    addBody(parameters, spec);
    addNorm(parameters, "norm", width);
  }

  /** Patch embedding and blocks. */
  private static void addBody(List<Unplaced> parameters, EncoderSpec spec) {
    long width = spec.encoder().width();
    long side = spec.patchSize();
    parameters.add(new Unplaced(PATCH_KERNEL, Part.DECAYED, width, spec.channels(), side, side));
    parameters.add(new Unplaced("patch_embed.proj.bias", Part.BIAS, width));
    addBlocks(parameters, "blocks", spec.encoder());
  }

  private static void addBlocks(
      List<Unplaced> parameters, String prefix, TransformerConfig transformer) {
    long width = transformer.width();
    for (int block = 0; block < transformer.depth(); block++) {
      String name = prefix + "." + block;
      addNorm(parameters, name + ".norm1", width);
      addLinear(parameters, name + ".attn.qkv", width, 3 * width);
      addLinear(parameters, name + ".attn.proj", width, width);
      addNorm(parameters, name + ".norm2", width);
      addLinear(parameters, name + ".mlp.fc1", width, 4 * width);
      addLinear(parameters, name + ".mlp.fc2", 4 * width, width);
    }
  }

  private static void addLinear(List<Unplaced> parameters, String name, long in, long out) {
    parameters.add(new Unplaced(name + ".weight", Part.DECAYED, out, in));
    parameters.add(new Unplaced(name + ".bias", Part.BIAS, out));
  }

  private static void addCells(List<Unplaced> parameters, String name, long width, long side) {
    parameters.add(new Unplaced(name + ".weight", Part.DECAYED, width, width, side, side));
    parameters.add(new Unplaced(name + ".bias", Part.BIAS, width));
  }

  private static void addNorm(List<Unplaced> parameters, String name, long width) {
    parameters.add(new Unplaced(name + ".weight", Part.NORM, width));
    parameters.add(new Unplaced(name + ".bias", Part.NORM, width));
  }

  /** All parameters in the order of their offsets; they leave no gap. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /**
   * One parameter.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return entry;
  }

  /** Whether there is a parameter of that name. */
  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /** The parameter that an element of the vector belongs to. */
  public Entry entryAt(long offset) {
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      if (offset >= entry.offset() && offset < entry.offset() + entry.length()) {
        return entry;
      }
    }
    throw new IllegalArgumentException("offset must be in [0, " + size() + ") but was " + offset);
  }

  /** Number of trainable elements. */
  public long size() {
    return ends[Part.NORM.ordinal()];
  }

  /** Number of elements that weight decay applies to; they come first. */
  public long decayedSize() {
    return ends[Part.DECAYED.ordinal()];
  }

  /** Number of elements used in the compute type: all before the layer norms. */
  public long linearSize() {
    return ends[Part.BIAS.ordinal()];
  }
}
