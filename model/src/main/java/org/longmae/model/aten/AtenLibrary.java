package org.longmae.model.aten;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What the ATen library can do on this machine. */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class AtenLibrary {
  /** Large enough to be given to oneDNN. */
  private static final long SIDE = 64;

  /** Where a build with code for GPUs keeps its files, beside the platform's name. */
  private static final String GPU = "-gpu";

  /** In the order in which they depend on each other; the last two come with code for GPUs. */
  private static final List<String> DEPENDENCIES =
      List.of("c10", "torch_cpu", "c10_cuda", "torch_cuda");

  private static boolean loaded;

  private AtenLibrary() {}

  /**
   * Loads the library, once.
   *
   * <p>All of its files are unpacked first, and those that others depend on are loaded by their
   * full name. JavaCPP by itself unpacks and loads file by file, and the system's loader then takes
   * a dependency that is not unpacked yet, or that a folder of {@code LD_LIBRARY_PATH} has too,
   * from elsewhere (Debian's PyTorch, for one): two versions in one process end it.
   *
   * @throws UnsatisfiedLinkError if a file is missing: going on without it would take a foreign
   *     one. The build with code for GPUs needs CUDA's libraries even to compute on the processor
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      File folder = unpacked(Loader.getPlatform() + GPU);
      if (folder == null) {
        folder = unpacked(Loader.getPlatform());
      }
      if (folder == null) {
        throw new UnsatisfiedLinkError(
            "the class path has no native library of ATen for " + Loader.getPlatform());
      }
      Loader.load(openblas.class);
      for (String name : DEPENDENCIES) {
        load(new File(folder, System.mapLibraryName(name)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack the native library of ATen", e);
    }
    torch.hasMKLDNN();
    if (Dnnl.isHere()) {
      // Behind ATen: both compute with OpenMP, and the library that comes first serves both.
      Loader.load(dnnl.class);
    }
    loaded = true;
  }

  /** The folder of a platform's files, or null if the class path has none for it. */
  private static File unpacked(String platform) throws IOException {
    return Loader.cacheResource(torch.class, "/org/bytedeco/pytorch/" + platform + "/");
  }

  private static void load(File file) {
    if (!file.exists()) {
      return;
    }
    try {
      System.load(file.getPath());
    } catch (UnsatisfiedLinkError e) {
      throw file.getPath().contains(GPU)
          ? new UnsatisfiedLinkError(
              "Cannot load ATen with code for GPUs, which needs the libraries of CUDA 13, cuDNN 9"
                  + " and NCCL 2 in LD_LIBRARY_PATH (docs/gpu.md): "
                  + e.getMessage())
          : e;
    }
  }

  /** Whether this build has code for GPUs. */
  static boolean hasGpuCode() {
    load();
    return torch.getCUDAHooks().hasCUDART();
  }

  /** Number of CUDA devices that the driver shows; 0 if there is no driver or no code for them. */
  public static int cudaDevices() {
    load();
    return torch.cuda_device_count();
  }

  /** Why the native library does not load; empty if it does. */
  public static Optional<String> obstacle() {
    try {
      load();
      return Optional.empty();
    } catch (LinkageError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether the processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX).
   *
   * <p>ATen does not tell, so it is asked for a product whose result gives it away: these
   * instructions are defined to treat numbers below the smallest normal one as zero, which an
   * emulation by 32-bit arithmetic does not.
   */
  public static boolean multipliesBf16() {
    try (InferenceMode mode = new InferenceMode();
        TensorOptions type = new TensorOptions(ScalarType.BFloat16);
        Tensor a = torch.empty(new long[] {SIDE, SIDE}, type, null);
        Tensor b = torch.empty(new long[] {SIDE, SIDE}, type, null);
        Tensor c = torch.empty(new long[] {SIDE, SIDE}, type, null);
        Scalar small = new Scalar(0x1p-70);
        Scalar smaller = new Scalar(0x1p-63)) {
      a.fill_(small);
      b.fill_(smaller);
      torch.mm_out(c, a, b);
      return new ShortPointer(c.data_ptr()).get() == 0;
    }
  }
}
