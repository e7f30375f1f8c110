package org.longmae.model.ops;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Where the time of a computation goes: each operation of an {@link Ops}, by name and shape.
 *
 * <p>Arithmetic is counted where it is that of matrix products, two operations a multiply-add:
 *
 * <pre>
 *   linear and both of its gradients       2·R·I·O
 *   attention                              4·B·T²·D     q kᵀ and P v
 *   attentionBackward                      8·B·T²·D     dv, dP, dq and dk
 * </pre>
 *
 * <p>Probabilities that a backward computes once more are time, but are not counted. On a device
 * that works on its own, a call's time is that of handing the work over, unless the device is told
 * to finish each call first (CUDA: {@code CUDA_LAUNCH_BLOCKING=1}). For one thread at a time.
 */
public final class OpTimes {
  /** What does no work, or opens what is closed elsewhere. */
  private static final Set<String> UNTIMED =
      Set.of("precision", "oneType", "description", "scope", "session", "trim", "slice", "close");

  /**
   * Calls of one operation with one shape.
   *
   * @param name of the method in {@link Ops}
   * @param shape axes with their lengths, or lengths alone
   * @param calls how many
   * @param seconds in all
   * @param flops floating-point operations in all; 0 where none are counted
   */
  public record Row(String name, String shape, long calls, double seconds, double flops) {}

  private static final class Sum {
    private long calls;
    private long nanos;
  }

  private final LongSupplier nanoClock;
  private final Map<OpShape, Sum> sums = new LinkedHashMap<>();

  /**
   * The last attention with a result of that shape. Its backward has no other way to know how many
   * images the rows are of, and of one shape they are the same number.
   */
  private final Map<List<Long>, OpShape> attentions = new HashMap<>();

  /**
   * Starts with nothing.
   *
   * @param nanoClock wall time in nanoseconds from any origin, such as {@code System::nanoTime}
   */
  public OpTimes(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * The same operations, timed. Tensors of the one can be used with the other, and closing one
   * closes both.
   */
  public Ops around(Ops inner) {
    // A proxy: an operation that Ops gains later is timed too, and one with a body in Ops is still
    // the inner's own.
    return (Ops)
        Proxy.newProxyInstance(
            Ops.class.getClassLoader(),
            new Class<?>[] {Ops.class},
            (proxy, method, arguments) -> call(inner, method, arguments));
  }

  /** What was spent since the start or the last {@link #reset}, the longest first. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (op, sum) ->
            rows.add(
                new Row(op.name(), op.text(), sum.calls, sum.nanos / 1e9, sum.calls * op.flops())));
    rows.sort(Comparator.comparingDouble(Row::seconds).reversed());
    return rows;
  }

  /** Forgets what was spent, as after steps that only warm up. */
  public void reset() {
    sums.clear();
  }

  private Object call(Ops inner, Method method, Object[] arguments) throws Throwable {
    if (UNTIMED.contains(method.getName()) || method.getDeclaringClass() != Ops.class) {
      return invoke(inner, method, arguments);
    }
    long start = nanoClock.getAsLong();
    Object result = invoke(inner, method, arguments);
    long nanos = nanoClock.getAsLong() - start;
    Sum sum = sums.computeIfAbsent(shape(method.getName(), arguments, result), op -> new Sum());
    sum.calls++;
    sum.nanos += nanos;
    return result;
  }

  private OpShape shape(String name, Object[] arguments, Object result) {
    OpShape shape = OpShape.of(name, arguments, result);
    if (result instanceof Ops.Attended attended) {
      attentions.put(sizes(attended.context_RD()), shape);
    }
    if (name.equals("attentionBackward")) {
      OpShape forward = attentions.get(sizes((Tensor) arguments[0]));
      return forward == null ? shape : forward.backward();
    }
    return shape;
  }

  private static List<Long> sizes(Tensor tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }

  private static Object invoke(Ops inner, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(inner, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
