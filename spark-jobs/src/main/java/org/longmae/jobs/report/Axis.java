package org.longmae.jobs.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Maps values to a share of a chart's side and says where the ticks stand.
 *
 * @param label what is measured, with its unit
 * @param low value at the origin
 * @param high value at the far end
 * @param log whether equal ratios, not equal differences, are equally far apart
 * @param ticks values worth a mark, ascending
 */
record Axis(String label, double low, double high, boolean log, List<Tick> ticks) {
  /** From this ratio of largest to smallest on, small values would be squeezed together. */
  private static final double LOG_FROM = 6;

  private static final double PADDING = 0.08;

  /** A value and how it is written. */
  record Tick(double value, String text) {}

  /** 0 at the origin, 1 at the far end. */
  double share(double value) {
    return (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
  }

  /** An axis that holds all values, with round ticks; equal differences are equally far apart. */
  static Axis linear(String label, double[] values) {
    return over(label, values, false);
  }

  /** The same for positive amounts, logarithmic where they span a large ratio. */
  static Axis amounts(String label, double[] values) {
    double least = Arrays.stream(values).min().orElse(1);
    double most = Arrays.stream(values).max().orElse(1);
    boolean log = least > 0 && most / least > LOG_FROM;
    return over(log ? label + " (log scale)" : label, values, log);
  }

  /** An axis whose ticks are the values themselves: the sequence lengths of the points. */
  static Axis lengths(String label, double[] values) {
    Axis axis = amounts(label, values);
    List<Tick> ticks =
        Arrays.stream(values)
            .distinct()
            .sorted()
            .mapToObj(value -> new Tick(value, Text.count(Math.round(value))))
            .toList();
    return new Axis(axis.label, axis.low, axis.high, axis.log, ticks);
  }

  /** An axis without padding from 0 to the largest value. */
  static Axis fromZero(String label, double most) {
    double high = most > 0 ? most : 1;
    return new Axis(label, 0, high, false, roundTicks(0, high));
  }

  private static Axis over(String label, double[] values, boolean log) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(1);
    if (log) {
      double factor = Math.pow(most / least, PADDING);
      return withTicks(label, least / factor, most * factor, true);
    }
    // Equal values still need a span, or they would be divided by zero.
    double span = most > least ? most - least : Math.max(Math.abs(most) * 0.2, 1e-3);
    double padding = most > least ? PADDING * span : span / 2;
    return withTicks(label, least - padding, most + padding, false);
  }

  private static Axis withTicks(String label, double low, double high, boolean log) {
    List<Tick> ticks = log ? decadeTicks(low, high) : roundTicks(low, high);
    return new Axis(label, low, high, log, ticks);
  }

  private static List<Tick> decadeTicks(double low, double high) {
    List<Tick> ticks = new ArrayList<>();
    boolean decadesOnly = Math.log10(high / low) > 3;
    for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (int digit : decadesOnly ? new int[] {1} : new int[] {1, 2, 5}) {
        double value = digit * Math.pow(10, power);
        if (value >= low && value <= high) {
          ticks.add(new Tick(value, written(value, Math.pow(10, power))));
        }
      }
    }
    return ticks;
  }

  private static List<Tick> roundTicks(double low, double high) {
    double step = roundStep((high - low) / 5);
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(new Tick(i * step, written(i * step, step)));
    }
    return ticks;
  }

  /** The nearest of 1, 2, 5 times a power of ten that is at least {@code least}. */
  private static double roundStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    double digit = least / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** As many decimals as the step needs; thousands and millions by their letters. */
  private static String written(double value, double step) {
    if (step >= 1e6 || Math.abs(value) >= 1e6) {
      return plain(value / 1e6, step / 1e6) + "M";
    }
    if (step >= 1e3) {
      return value == 0 ? "0" : plain(value / 1e3, step / 1e3) + "k";
    }
    return plain(value, step);
  }

  private static String plain(double value, double step) {
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return Text.format("%." + decimals + "f", value == 0 ? 0.0 : value);
  }

  private double scaled(double value) {
    return log ? Math.log(value) : value;
  }
}
