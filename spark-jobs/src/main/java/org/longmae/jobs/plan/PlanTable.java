package org.longmae.jobs.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.longmae.model.Grid;

/** Plans as a table of at most 100 columns, a row a point. */
public final class PlanTable {
  private static final String ROW = "%2s %-11s %5s %5s %6s %6s %6s %7s %6s %6s %6s %7s %7s %7s";
  private static final String THOUSANDS = " kMGTPEZY";
  private static final String NOTHING = "-";

  private PlanTable() {}

  /** The table with its legend. */
  public static String text(List<PointPlan> plans) {
    List<String> lines = new ArrayList<>();
    lines.add(
        row(
            "", "I/p", "L", "K", "params", "FLOP", "FLOP", "memory", "bytes", "bytes", "images",
            "hours", "worker", "money"));
    lines.add(
        row(
            "", "", "", "", "", "/image", "in all", "GiB", "/round", "in all", "/s", "", "hours",
            ""));
    for (int i = 0; i < plans.size(); i++) {
      lines.add(row(i + 1, plans.get(i)));
    }
    Stream.concat(rates(plans), marks(plans)).forEach(lines::add);
    return String.join("\n", lines);
  }

  private static String row(int number, PointPlan plan) {
    return row(
        number,
        picture(plan),
        plan.spec().patches(),
        plan.spec().keptPatches(),
        amount(plan.cost().parameters()),
        amount(plan.flopsPerImage()),
        amount(plan.flops()),
        gib(plan.fit().memory().total()) + " " + mark(plan.fit()),
        plan.roundBytes() == 0 ? NOTHING : amount(plan.roundBytes()),
        plan.roundBytes() == 0 ? NOTHING : amount(plan.exchangedBytes()),
        plain(plan.imagesPerSecond()),
        plain(plan.hours()),
        plain(plan.workerHours()),
        money(plan.money()));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, ROW, cells).stripTrailing();
  }

  private static Stream<String> rates(List<PointPlan> plans) {
    return plans.stream()
        .map(PointPlan::rate)
        .distinct()
        .map(rate -> format("%.0f GFLOP/s a worker: %s", rate.gflops(), rate.source()));
  }

  private static Stream<String> marks(List<PointPlan> plans) {
    Stream<String> legend =
        Stream.of(
            "* with what makes it fit; as configured it does not",
            "! the least there is; it does not fit");
    return legend.filter(
        line -> plans.stream().anyMatch(plan -> line.startsWith(mark(plan.fit()) + " ")));
  }

  private static String mark(MemoryFit fit) {
    if (!fit.fits()) {
      return "!";
    }
    return fit.change().isEmpty() ? " " : "*";
  }

  /** Picture and patch in pixels, such as 448/16 or 448x224/16. */
  static String picture(PointPlan plan) {
    Grid grid = plan.spec().grid();
    int patch = plan.spec().patchSize();
    return grid.rows() == grid.cols()
        ? format("%d/%d", grid.rows() * patch, patch)
        : format("%dx%d/%d", grid.rows() * patch, grid.cols() * patch, patch);
  }

  static String gib(long bytes) {
    return format("%.1f", bytes / (double) (1 << 30));
  }

  private static String money(OptionalDouble money) {
    return money.isPresent() ? plain(money.getAsDouble()) : NOTHING;
  }

  /** Three digits and a letter for the power of a thousand: 1.23M. */
  static String amount(double value) {
    int power = 0;
    double rest = value;
    // 999.5 would be rounded to four digits.
    while (rest >= 999.5 && power < THOUSANDS.length() - 1) {
      rest /= 1000;
      power++;
    }
    String digits = power == 0 ? format("%.0f", rest) : threeDigits(rest);
    return (digits + THOUSANDS.charAt(power)).trim();
  }

  /** Three digits, or all of a number that has more before its point. */
  static String plain(double value) {
    return value < 9_999_999.5 ? threeDigits(value) : amount(value);
  }

  private static String threeDigits(double value) {
    if (value >= 99.95) {
      return format("%.0f", value);
    }
    return format(value >= 9.995 ? "%.1f" : "%.2f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
