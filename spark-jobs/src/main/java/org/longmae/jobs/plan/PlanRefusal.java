package org.longmae.jobs.plan;

import static org.longmae.jobs.plan.PlanTable.gib;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says which points of a plan cannot run as they are configured, and what to change. */
public final class PlanRefusal {
  private PlanRefusal() {}

  /** A line a point that does not fit; empty if all do. */
  public static Optional<String> of(List<PointPlan> plans, PlanSettings settings) {
    String lines =
        IntStream.range(0, plans.size())
            .filter(i -> !plans.get(i).fit().fits() || !plans.get(i).fit().change().isEmpty())
            .mapToObj(i -> line(i + 1, plans.get(i), settings))
            .collect(Collectors.joining("\n"));
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
  }

  private static String line(int number, PointPlan plan, PlanSettings settings) {
    MemoryFit fit = plan.fit();
    return String.format(
        Locale.ROOT,
        "point %d (%s) must fit into %s GiB a worker but needs %s; %s",
        number,
        PlanTable.picture(plan),
        gib(settings.memoryBytes()),
        gib(fit.configured().total()),
        fit.fits()
            ? String.format("with %s it needs %s", fit.change(), gib(fit.memory().total()))
            : String.format(
                "not even with %s does it fit: %s", fit.change(), gib(fit.memory().total())));
  }
}
