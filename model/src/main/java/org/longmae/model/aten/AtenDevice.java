package org.longmae.model.aten;

import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where tensors live and arithmetic runs: the processor, or a GPU, whose memory Java reaches only
 * by copies and which works behind the caller.
 */
public final class AtenDevice {
  private static final AtenDevice CPU = new AtenDevice(Kind.CPU, 0, "cpu");

  /** Settings of cuBLAS with which the same call gives the same bits. */
  private static final Set<String> REPEATABLE = Set.of(":4096:8", ":16:8");

  private enum Kind {
    CPU,
    /** The processor, reached as if it were a GPU: what tests run the GPU's path on. */
    CPU_APART,
    CUDA
  }

  private final Kind kind;
  private final int index;
  private final String description;

  private AtenDevice(Kind kind, int index, String description) {
    this.kind = kind;
    this.index = index;
    this.description = description;
  }

  /** The processor. */
  public static AtenDevice cpu() {
    return CPU;
  }

  /** The processor, reached through staging and with fused attention, as a GPU is. */
  static AtenDevice cpuApart() {
    return new AtenDevice(Kind.CPU_APART, 0, "cpu apart");
  }

  /**
   * A GPU.
   *
   * @param index among the devices that the driver shows to this process, from 0
   * @throws IllegalArgumentException if it is not there, with what is missing
   * @throws UnsatisfiedLinkError if a library is missing
   */
  public static AtenDevice cuda(int index) {
    requirePresent(index, AtenLibrary.hasGpuCode(), AtenLibrary.cudaDevices());
    // Sums of bf16 products are kept in 32 bits also where cuBLAS splits them.
    torch.globalContext().setAllowBF16ReductionCuBLAS(false);
    if (REPEATABLE.contains(System.getenv().getOrDefault("CUBLAS_WORKSPACE_CONFIG", ""))) {
      // ATen refuses matrix products under this setting unless cuBLAS is set to repeat its bits.
      torch.globalContext().setDeterministicAlgorithms(true, false);
      torch.globalContext().setDeterministicFillUninitializedMemory(false);
    }
    return new AtenDevice(
        Kind.CUDA, index, ("cuda:" + index + " " + AtenGpuName.of(index)).strip());
  }

  static void requirePresent(int index, boolean gpuCode, int devices) {
    if (!gpuCode) {
      throw new IllegalArgumentException(
          "compute.device = cuda needs a build with code for GPUs, but this one has none;"
              + " build with -Paten-cuda (docs/gpu.md), or use auto or cpu");
    }
    if (devices == 0) {
      throw new IllegalArgumentException(
          "compute.device = cuda needs an NVIDIA device and its driver, but none is visible;"
              + " see nvidia-smi and CUDA_VISIBLE_DEVICES, or use auto or cpu");
    }
    if (index < 0 || index >= devices) {
      throw new IllegalArgumentException(
          String.format("CUDA device must be in [0, %s) but was %s", devices, index));
    }
  }

  /** Such as {@code cpu} or {@code cuda:0 NVIDIA A100}. */
  String description() {
    return description;
  }

  /** Whether the host reaches its tensors only by copies. */
  boolean apart() {
    return kind != Kind.CPU;
  }

  /** Makes it the calling thread's device. */
  void enter() {
    if (kind == Kind.CUDA) {
      torch.setDeviceIndex((byte) index);
    }
  }

  /** Waits until all that was asked of it is done. */
  void synchronize() {
    if (kind == Kind.CUDA) {
      torch.cuda_synchronize(index);
    }
  }

  /** What a tensor on the device is made with; the caller closes it. */
  TensorOptions options(ScalarType type) {
    if (kind != Kind.CUDA) {
      return new TensorOptions(type);
    }
    try (Device device = new Device(DeviceType.CUDA, (byte) index);
        DeviceOptional chosen = new DeviceOptional(device);
        TensorOptions typed = new TensorOptions(type)) {
      return typed.device(chosen);
    }
  }

  /**
   * New memory of the host for one transfer; the caller closes it as soon as the copy is asked for.
   * For a GPU it is pinned, so that a copy runs behind the caller; ATen keeps pinned memory for
   * reuse, and hands a piece out again only when the copies from it are done.
   */
  Tensor staging(ScalarType type, long... shape) {
    try (TensorOptions typed = new TensorOptions(type);
        BoolOptional pinned = new BoolOptional(kind == Kind.CUDA);
        TensorOptions options = typed.pinned_memory(pinned)) {
      return torch.empty(shape, options, null);
    }
  }

  /**
   * Whether it multiplies bfloat16 in hardware. A GPU that runs fused attention does: both came
   * with Ampere (sm_80).
   */
  public boolean multipliesBf16() {
    return kind == Kind.CUDA ? runsFusedAttention() : AtenLibrary.multipliesBf16();
  }

  /** The kernels of fused attention that pay on this device for a type of operands. */
  Optional<AtenFusedAttention.Kernels> fusedAttention(ScalarType type) {
    return switch (kind) {
      case CPU ->
          type == ScalarType.Float ? Optional.of(AtenFusedAttention.Kernels.CPU) : Optional.empty();
      case CPU_APART -> Optional.of(AtenFusedAttention.Kernels.CPU);
      case CUDA ->
          type == ScalarType.BFloat16 && runsFusedAttention()
              ? Optional.of(AtenFusedAttention.Kernels.CUDA)
              : Optional.empty();
    };
  }

  @SuppressWarnings("try") // A mode acts by closing.
  private boolean runsFusedAttention() {
    try (InferenceMode mode = new InferenceMode();
        AtenMemory memory = new AtenMemory(this);
        AtenFusedAttention attention =
            new AtenFusedAttention(
                memory, ScalarType.BFloat16, AtenFusedAttention.Kernels.CUDA, 1)) {
      enter();
      AtenTensor qkv_RP = memory.take(ScalarType.BFloat16, 8, 3 * 8);
      qkv_RP.array().zero_();
      attention.forward(qkv_RP, 1, 1);
      return true;
    } catch (RuntimeException e) {
      // ATen's way of saying that the device is too old for it.
      return false;
    }
  }
}
