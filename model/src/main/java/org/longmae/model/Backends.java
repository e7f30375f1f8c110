package org.longmae.model;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.ConfigException;
import org.longmae.model.aten.AtenDevice;
import org.longmae.model.aten.AtenLibrary;
import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the backend, device and precision that a configuration asks for. */
final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Whether it was said that ATen is not used: once in a process is enough. */
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Backends() {}

  /** Opens a backend, on the first GPU if it takes one. */
  static Ops open(ComputeConfig compute, int threads) {
    return open(compute, threads, 0);
  }

  /**
   * Opens a backend.
   *
   * @param deviceIndex of the GPU among those that this process sees, from 0; of no effect on CPU
   * @throws ConfigException if the configuration asks for what is not there, with what is missing
   */
  static Ops open(ComputeConfig compute, int threads, int deviceIndex) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
    return takesAten(compute) ? aten(compute, threads, deviceIndex) : nd4j(compute, threads);
  }

  private static boolean takesAten(ComputeConfig compute) {
    return switch (compute.backend()) {
      case ATEN -> true;
      case ND4J -> false;
      // A GPU that was asked for is ATen's to find, or to say why it cannot.
      case AUTO -> compute.device() == ComputeConfig.Device.CUDA || atenLoads();
    };
  }

  private static boolean atenLoads() {
    Optional<String> obstacle = AtenLibrary.obstacle();
    if (obstacle.isPresent() && SAID.compareAndSet(false, true)) {
      LOG.warn(
          "compute.backend = auto takes ND4J on {}: ATen cannot be used: {}",
          Nd4jOps.computesOnGpu() ? "the GPU" : "the processor, where it is many times slower",
          obstacle.get());
    }
    return obstacle.isEmpty();
  }

  private static Ops aten(ComputeConfig compute, int threads, int deviceIndex) {
    AtenDevice device = device(compute, deviceIndex);
    return new AtenOps(device, precision(compute, device), threads);
  }

  private static Precision precision(ComputeConfig compute, AtenDevice device) {
    return switch (compute.precision()) {
      case FP32 -> Precision.FP32;
      case BF16 -> Precision.BF16;
      case AUTO -> device.multipliesBf16() ? Precision.BF16 : Precision.FP32;
    };
  }

  /** The precision in which {@link #open} would compute. */
  static Precision precision(ComputeConfig compute) {
    return takesAten(compute) ? precision(compute, device(compute, 0)) : Precision.FP32;
  }

  private static AtenDevice device(ComputeConfig compute, int index) {
    try {
      AtenLibrary.load();
      return switch (compute.device()) {
        case CPU -> AtenDevice.cpu();
        case CUDA -> AtenDevice.cuda(index);
        case AUTO -> AtenLibrary.cudaDevices() > 0 ? AtenDevice.cuda(index) : AtenDevice.cpu();
      };
    } catch (LinkageError e) {
      throw new ConfigException("compute.backend", "ATen cannot be used: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("compute.device", e.getMessage());
    }
  }

  private static Ops nd4j(ComputeConfig compute, int threads) {
    if (compute.precision() == ComputeConfig.Precision.BF16) {
      throw new ConfigException(
          "compute.precision",
          "compute.precision = bf16 needs compute.backend = aten: ND4J has no matrix product for it");
    }
    boolean gpu = Nd4jOps.computesOnGpu();
    if (compute.device() == (gpu ? ComputeConfig.Device.CPU : ComputeConfig.Device.CUDA)) {
      throw new ConfigException(
          "compute.device",
          gpu
              ? "compute.device = cpu is not what this build's ND4J computes on; build without"
                  + " -Pnd4j-cuda, or use compute.backend = aten"
              : "compute.device = cuda with compute.backend = nd4j needs ND4J's CUDA library; build"
                  + " with -Pnd4j-cuda (docs/gpu.md), or use compute.backend = aten");
    }
    return new Nd4jOps(Precision.FP32, threads);
  }
}
