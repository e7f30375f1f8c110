package org.longmae.jobs.weights;

import org.longmae.data.tensor.TensorFormat;
import org.longmae.model.Cubic;

/** What weights are written as, by who reads them. */
public enum ExportFormat {
  /** Encoder and decoder by MAE's names. */
  FULL(Naming.MAE, TensorFormat.SAFETENSORS, "model.safetensors", true, true),

  /** The encoder as timm loads it, strictly: {@code vit_base_patch16_224} and its like. */
  TIMM(Naming.MAE, TensorFormat.SAFETENSORS, "model.safetensors", false, true),

  /** {@code ViTMAEForPreTraining}, with its configuration. */
  HUGGINGFACE(Naming.HUGGING_FACE, TensorFormat.SAFETENSORS, "model.safetensors", true, true),

  /**
   * The encoder as ViTDet loads it: without the last norm, whose name would match the pyramid's.
   */
  DETECTRON2(Naming.MAE, TensorFormat.PICKLE, "model.pkl", false, false),

  /** Encoder and decoder by MAE's names, for NumPy. (timm takes an {@code .npz} for JAX's.) */
  NPZ(Naming.MAE, TensorFormat.NPZ, "model.npz", true, true);

  private final Naming naming;
  private final TensorFormat tensors;
  private final String file;
  private final boolean decoder;
  private final boolean lastNorm;

  ExportFormat(
      Naming naming, TensorFormat tensors, String file, boolean decoder, boolean lastNorm) {
    this.naming = naming;
    this.tensors = tensors;
    this.file = file;
    this.decoder = decoder;
    this.lastNorm = lastNorm;
  }

  Naming naming() {
    return naming;
  }

  TensorFormat tensors() {
    return tensors;
  }

  /** Name of the file of weights. */
  String file() {
    return file;
  }

  /** Whether the decoder is in it. */
  public boolean hasDecoder() {
    return decoder;
  }

  /** Whether a parameter is in it. */
  boolean has(String parameter) {
    return lastNorm || !parameter.startsWith("norm.");
  }

  /** How its consumer would resize a position table. */
  Cubic resize() {
    return this == TIMM ? Cubic.ANTIALIASED : Cubic.PLAIN;
  }

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
