package org.longmae.model;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.TransformerConfig;

/**
 * Times training steps by hand; not part of the build. Arguments: tiny or base, grid side, batch,
 * backend, precision, threads, steps.
 */
final class StepTiming {
  private StepTiming() {}

  public static void main(String[] args) {
    boolean tiny = args[0].equals("tiny");
    int side = Integer.parseInt(args[1]);
    int batch = Integer.parseInt(args[2]);
    Grid grid = new Grid(side, side);
    MaeSpec spec =
        new MaeSpec(
            3,
            grid,
            tiny ? 8 : 16,
            tiny ? new TransformerConfig(192, 12, 3) : new TransformerConfig(768, 12, 12),
            tiny ? new TransformerConfig(128, 4, 4) : new TransformerConfig(512, 8, 16),
            grid.patches() / 4,
            true);
    ComputeConfig compute =
        new ComputeConfig(
            ComputeConfig.Backend.valueOf(args[3].toUpperCase(Locale.ROOT)),
            ComputeConfig.Device.CPU,
            ComputeConfig.Precision.valueOf(args[4].toUpperCase(Locale.ROOT)),
            0);
    int steps = Integer.parseInt(args[6]);
    OptimConfig optim =
        new OptimConfig(OptimConfig.Kind.ADAMW, 1.5e-4, 0, 0, 0.9, 0.95, 1e-8, 0.05, 0, 0, 1);
    SplittableRandom random = new SplittableRandom(1);
    float[] images = new float[batch * spec.imageValues()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    int[] shuffles = new int[batch * spec.patches()];
    for (int image = 0; image < batch; image++) {
      int[] shuffle = Masking.shuffle(grid, 1, random);
      System.arraycopy(shuffle, 0, shuffles, image * spec.patches(), spec.patches());
    }
    ProfiledOps profiled = new ProfiledOps(Backends.open(compute, Integer.parseInt(args[5])));
    boolean profile = args.length > 7;
    try (MaeEngine engine =
        profile
            ? MaeEngine.open(spec, optim, profiled.ops())
            : MaeEngine.open(spec, StepSettings.of(optim), compute, Integer.parseInt(args[5]))) {
      engine.initialize(random);
      double[] seconds = new double[steps];
      double[] cpuSeconds = new double[steps];
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      for (int step = 0; step < steps; step++) {
        if (step == steps / 3) {
          profiled.reset();
        }
        long start = System.nanoTime();
        long startCpu = threads.getCurrentThreadCpuTime();
        double loss = engine.step(images, shuffles, 1e-4, step + 1);
        seconds[step] = (System.nanoTime() - start) / 1e9;
        cpuSeconds[step] = (threads.getCurrentThreadCpuTime() - startCpu) / 1e9;
        if (step % 10 == 0) {
          System.out.printf(
              "step %d loss %.5f %.1f ms, resident %d MiB, %d native objects%n",
              step, loss, seconds[step] * 1e3, Pointer.physicalBytes() >> 20, Pointer.totalCount());
        }
      }
      profiled.print(steps - steps / 3);
      double[] cpu = Arrays.copyOfRange(cpuSeconds, steps / 3, steps);
      Arrays.sort(cpu);
      System.out.printf("calling thread's cpu: median %.1f ms%n", cpu[cpu.length / 2] * 1e3);
      double[] warm = Arrays.copyOfRange(seconds, steps / 3, steps);
      Arrays.sort(warm);
      double median = warm[warm.length / 2];
      System.out.printf(
          "%s L=%d B=%d: median %.1f ms, best %.1f ms, %.0f images/s (best %.0f), %.0f GFLOP/s%n",
          engine.description(),
          spec.patches(),
          batch,
          median * 1e3,
          warm[0] * 1e3,
          batch / median,
          batch / warm[0],
          CostModel.of(spec).stepFlops() * batch / median / 1e9);
    }
  }
}
