package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.evaluate.Baselines;
import org.longmae.jobs.evaluate.EvaluateResult;
import org.longmae.jobs.evaluate.Readout;

/**
 * What {@code evaluate} found, for the terminal and for machines.
 *
 * @param baselines empty if they were not asked for, or there is nothing to read
 */
record EvaluateText(
    RunConfig config,
    List<String> classNames,
    EvaluateResult result,
    Optional<Baselines> baselines) {

  String lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "held-out loss %.4f over %d pictures",
            result.heldOutLoss(),
            result.heldOutPictures()));
    if (result.readout().isEmpty()) {
      lines.add("no classification: " + result.note());
    } else {
      lines.add(
          String.format(
              Locale.ROOT,
              "classification at L = %d; largest class %.1f %%",
              config.transferLength(),
              100 * result.readout().get().probe().chance()));
      lines.add(line("trained", result.readout().get()));
      baselines.ifPresent(
          compared -> {
            lines.add(line("random weights", compared.untrained()));
            lines.add(line("raw pixels", compared.pixels()));
          });
    }
    return String.join("\n", lines);
  }

  private static String line(String what, Readout readout) {
    return String.format(
        Locale.ROOT,
        "  %-15s  linear probe %s   nearest neighbours %s",
        what,
        AnswersText.line(readout.probe()),
        AnswersText.line(readout.neighbours()));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("held_out_loss", result.heldOutLoss());
    json.put("held_out_pictures", result.heldOutPictures());
    json.put("transfer_length", config.transferLength());
    result.readout().ifPresent(readout -> putReadout(json, readout));
    baselines.ifPresent(
        compared -> {
          json.put("random_weights", readout(compared.untrained()));
          json.put("raw_pixels", readout(compared.pixels()));
        });
    json.put("note", result.note());
    return json;
  }

  private void putReadout(Map<String, Object> json, Readout readout) {
    json.put("probe_accuracy", readout.probe().accuracy());
    json.put("largest_class", readout.probe().chance());
    Map<String, Object> trained = readout(readout);
    json.put("trained", trained);
    json.put("classes", AnswersText.classes(readout.probe(), classNames));
    json.put("confusion", readout.probe().confusion());
  }

  private static Map<String, Object> readout(Readout readout) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("linear_probe", AnswersText.json(readout.probe()));
    json.put("probe_regularization", readout.penalty());
    json.put("nearest_neighbours", AnswersText.json(readout.neighbours()));
    return json;
  }
}
