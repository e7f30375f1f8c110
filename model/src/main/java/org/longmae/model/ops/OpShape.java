package org.longmae.model.ops;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An operation and the sizes that its cost depends on.
 *
 * @param name of the method in {@link Ops}
 * @param axes a letter a size, where sizes have names; else empty
 * @param sizes lengths of axes
 */
record OpShape(String name, String axes, List<Long> sizes) {
  /**
   * The shape of a call.
   *
   * @param arguments of the method
   * @param result what it returned; null for void
   */
  static OpShape of(String name, Object[] arguments, Object result) {
    if (name.startsWith("linear")) {
      return linear(name, (Tensor) arguments[0], (Tensor) arguments[1]);
    }
    if (name.equals("attention")) {
      Tensor context_RD = ((Ops.Attended) result).context_RD();
      return attention(name, context_RD, (int) arguments[1], (int) arguments[2]);
    }
    if (name.equals("adamW")) {
      return new OpShape(name, "", List.of((long) arguments[2] - (long) arguments[1]));
    }
    return new OpShape(name, "", sizes(result, arguments));
  }

  /** The backward of an attention is as large as its forward. */
  OpShape backward() {
    return new OpShape(name + "Backward", axes, sizes);
  }

  /** R, I and O, of (x_RI, w_OI) forward, of (dY_RO, w_OI) or (dY_RO, x_RI) backward. */
  private static OpShape linear(String name, Tensor a, Tensor b) {
    long out = name.endsWith("Gradient") ? a.size(1) : b.size(0);
    return new OpShape(name, "RIO", List.of(a.size(0), b.size(1), out));
  }

  private static OpShape attention(String name, Tensor context_RD, long images, long heads) {
    long tokens = context_RD.size(0) / images;
    return new OpShape(name, "BTDN", List.of(images, tokens, context_RD.size(1), heads));
  }

  /** Of the result, or else of the first tensor that there is. */
  private static List<Long> sizes(Object result, Object[] arguments) {
    if (result instanceof Tensor tensor) {
      return LongStream.of(tensor.shape()).boxed().toList();
    }
    for (Object argument : arguments) {
      if (argument instanceof Tensor tensor) {
        return LongStream.of(tensor.shape()).boxed().toList();
      }
    }
    return List.of();
  }

  /** Floating-point operations of one call; 0 where none are counted. */
  double flops() {
    return switch (axes) {
      case "RIO" -> 2.0 * sizes.get(0) * sizes.get(1) * sizes.get(2);
      case "BTDN" ->
          (name.endsWith("Backward") ? 8.0 : 4.0)
              * sizes.get(0)
              * sizes.get(1)
              * sizes.get(1)
              * sizes.get(2);
      default -> 0;
    };
  }

  /** Such as {@code R=1568 I=768 O=3072} or {@code 1568x768}. */
  String text() {
    return axes.isEmpty()
        ? sizes.stream().map(String::valueOf).collect(Collectors.joining("x"))
        : IntStream.range(0, sizes.size())
            .mapToObj(i -> axes.charAt(i) + "=" + sizes.get(i))
            .collect(Collectors.joining(" "));
  }
}
