package org.longmae.model;

import org.longmae.conf.ComputeConfig;
import org.longmae.model.aten.AtenLibrary;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

/** Chooses the backend, device and precision that a configuration asks for. */
final class Backends {
  private Backends() {}

  /**
   * Opens a backend.
   *
   * @throws IllegalArgumentException if the configuration asks for what is not there
   */
  static Ops open(ComputeConfig compute, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
    if (compute.device() == ComputeConfig.Device.CUDA) {
      throw new IllegalArgumentException(
          "compute.device = cuda is not available in this build; use auto or cpu");
    }
    return switch (compute.backend()) {
      case ATEN -> aten(compute.precision(), threads);
      case ND4J -> nd4j(compute.precision(), threads);
      case AUTO ->
          AtenLibrary.loads()
              ? aten(compute.precision(), threads)
              : nd4j(compute.precision(), threads);
    };
  }

  private static Ops aten(ComputeConfig.Precision precision, int threads) {
    return new AtenOps(atenPrecision(precision), threads);
  }

  private static Precision atenPrecision(ComputeConfig.Precision precision) {
    return switch (precision) {
      case FP32 -> Precision.FP32;
      case BF16 -> Precision.BF16;
      case AUTO -> AtenLibrary.multipliesBf16() ? Precision.BF16 : Precision.FP32;
    };
  }

  /** The precision in which {@link #open} would compute. */
  static Precision precision(ComputeConfig compute) {
    boolean aten = compute.backend() != ComputeConfig.Backend.ND4J && AtenLibrary.loads();
    return aten ? atenPrecision(compute.precision()) : Precision.FP32;
  }

  private static Ops nd4j(ComputeConfig.Precision precision, int threads) {
    if (precision == ComputeConfig.Precision.BF16) {
      throw new IllegalArgumentException(
          "compute.precision = bf16 needs compute.backend = aten: ND4J has no matrix product for it");
    }
    return new Nd4jOps(Precision.FP32, threads);
  }
}
