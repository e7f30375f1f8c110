package org.longmae.model;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.longmae.model.ops.Ops;

/** An {@link Ops} that counts each method's processor time on the calling thread. */
final class ProfiledOps {
  private final Map<String, long[]> spent = new TreeMap<>();
  private final Ops ops;

  ProfiledOps(Ops inner) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    ops =
        (Ops)
            Proxy.newProxyInstance(
                Ops.class.getClassLoader(),
                new Class<?>[] {Ops.class},
                (proxy, method, arguments) -> {
                  long start = threads.getCurrentThreadCpuTime();
                  try {
                    return method.invoke(inner, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  } finally {
                    long[] sum = spent.computeIfAbsent(method.getName(), name -> new long[2]);
                    sum[0] += threads.getCurrentThreadCpuTime() - start;
                    sum[1]++;
                  }
                });
  }

  Ops ops() {
    return ops;
  }

  void reset() {
    spent.clear();
  }

  void print(int steps) {
    spent.entrySet().stream()
        .sorted(Comparator.comparing(entry -> -entry.getValue()[0]))
        .forEach(
            entry ->
                System.out.printf(
                    "%9.3f ms  %5d calls  %s%n",
                    entry.getValue()[0] / 1e6 / steps,
                    entry.getValue()[1] / steps,
                    entry.getKey()));
  }
}
