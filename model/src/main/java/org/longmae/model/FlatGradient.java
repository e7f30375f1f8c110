package org.longmae.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * The gradient of all parameters, flat, in the layout's order, and its sum over the parts of a
 * batch.
 *
 * <p>It stays in the types that backward writes: the compute type for what is used in it, the
 * state's type for layer norms. The optimiser widens it where it reads it, so that no copy in the
 * state's type is written and read again. Only a sum over parts is of the state's type throughout:
 * rounded to bf16 at each addition, it would lose what small gradients add.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
final class FlatGradient<P> {
  /** Makes a model's parts of the vectors that {@link ParameterCutter} describes. */
  interface Cut<P> {
    P of(Tensor state, long stateFrom, Tensor compute);
  }

  /** Elements [from, to). */
  private record Part(long from, long to, Tensor values, Map<Long, Tensor> ranges) {
    Part(long from, long to, Tensor values) {
      this(from, to, values, new HashMap<>());
    }
  }

  private final Ops ops;
  private final ParameterLayout layout;
  private final List<Part> written = new ArrayList<>();
  private final P parameters;

  /** Null until a batch is split. */
  private List<Part> sum;

  private List<Part> current = written;

  /** Takes memory that lives as long as {@code ops}. */
  FlatGradient(Ops ops, ParameterLayout layout, Cut<P> cut) {
    this.ops = ops;
    this.layout = layout;
    long linear = layout.linearSize();
    if (ops.oneType()) {
      Tensor all = ops.stateZeros(layout.size());
      written.add(new Part(0, layout.size(), all));
      parameters = cut.of(all, 0, all);
    } else {
      Tensor compute = ops.computeZeros(linear);
      Tensor state = ops.stateZeros(layout.size() - linear);
      written.add(new Part(0, linear, compute));
      written.add(new Part(linear, layout.size(), state));
      parameters = cut.of(state, linear, compute);
    }
  }

  /** What backward writes to. */
  P parameters() {
    return parameters;
  }

  /** Makes what backward wrote last the gradient. */
  void set() {
    current = written;
  }

  /**
   * Makes the sum over a batch's parts so far the gradient, with what backward wrote last.
   *
   * @param first whether the sum starts anew
   * @param session that the memory for the sum outlives
   */
  void add(boolean first, Scope session) {
    if (sum == null) {
      sum = new ArrayList<>();
      for (Part part : written) {
        Tensor zeros = session.keep(ops.stateZeros(part.to() - part.from()));
        sum.add(new Part(part.from(), part.to(), zeros));
      }
    }
    for (int i = 0; i < sum.size(); i++) {
      if (first) {
        ops.cast(written.get(i).values(), sum.get(i).values());
      } else {
        ops.add(sum.get(i).values(), written.get(i).values());
      }
    }
    current = sum;
  }

  /** Σ g²; not finite if any element is not. */
  double squaredNorm() {
    return current.stream().mapToDouble(part -> ops.squaredNorm(part.values())).sum();
  }

  /** Whether all elements are. */
  boolean isFinite() {
    return current.stream().allMatch(part -> ops.isFinite(part.values()));
  }

  /** The runs, cut where a range would be of two types. */
  List<LayerDecay.Run> cut(List<LayerDecay.Run> runs) {
    return ops.oneType() ? runs : LayerDecay.cut(runs, layout.linearSize());
  }

  /** Elements [from, to), of one type: as {@link #cut} makes them. */
  Tensor range(long from, long to) {
    Part part = partAt(from);
    return part.ranges()
        .computeIfAbsent(from, first -> ops.slice(part.values(), first - part.from(), to - first));
  }

  /** The elements of one parameter. */
  float[] read(ParameterLayout.Entry entry) {
    Part part = partAt(entry.offset());
    float[] values = new float[Math.toIntExact(entry.length())];
    ops.read(part.values(), entry.offset() - part.from(), values);
    return values;
  }

  /** All elements, rounded to 32 bits where they have more. */
  void read(float[] into) {
    for (Part part : current) {
      float[] values = ops.download(part.values());
      System.arraycopy(values, 0, into, Math.toIntExact(part.from()), values.length);
    }
  }

  /** All elements. */
  double[] download() {
    double[] all = new double[Math.toIntExact(layout.size())];
    for (Part part : current) {
      double[] values = ops.downloadDoubles(part.values());
      System.arraycopy(values, 0, all, Math.toIntExact(part.from()), values.length);
    }
    return all;
  }

  private Part partAt(long offset) {
    for (Part part : current) {
      if (offset < part.to()) {
        return part;
      }
    }
    throw new IllegalArgumentException(
        "offset must be in [0, " + layout.size() + ") but was " + offset);
  }
}
