package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.longmae.jobs.evaluate.Answers;

/** A classifier's answers, for the terminal and for machines. */
final class AnswersText {
  private AnswersText() {}

  static String line(Answers answers) {
    return String.format(
        Locale.ROOT,
        "%.2f %% (95 %%: %.2f to %.2f), top 5 %.2f %%",
        100 * answers.accuracy(),
        100 * answers.low(),
        100 * answers.high(),
        100 * answers.topFive());
  }

  /** {@code {"accuracy", "low", "high", "top_five", "pictures"}}. */
  static Map<String, Object> json(Answers answers) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("accuracy", answers.accuracy());
    json.put("low", answers.low());
    json.put("high", answers.high());
    json.put("top_five", answers.topFive());
    json.put("pictures", answers.pictures());
    return json;
  }

  /** What became of each class; those without a name have their index. */
  static List<Answers.ClassReport> classes(Answers answers, List<String> classNames) {
    List<Answers.ClassReport> classes = new ArrayList<>();
    for (int label = 0; label < answers.confusion().length; label++) {
      String name = label < classNames.size() ? classNames.get(label) : Integer.toString(label);
      classes.add(answers.of(label, name));
    }
    return classes;
  }
}
