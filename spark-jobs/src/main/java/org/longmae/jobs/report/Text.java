package org.longmae.jobs.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers and foreign words, made fit for the page. */
final class Text {
  /** Keeps what belongs together on one line. */
  static final String NO_BREAK = "\u00a0";

  /** Stands where nothing was measured. */
  static final String MISSING = "–";

  private Text() {}

  /** Makes any text safe inside an element and inside a quoted attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** At most that many characters, the last one an ellipsis where something was cut off. */
  static String shorten(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  static String count(long value) {
    return format("%,d", value);
  }

  /** "1 point", "5 points". */
  static String count(long value, String singular) {
    return count(value) + " " + singular + (value == 1 ? "" : "s");
  }

  static String loss(double value) {
    return format("%.4f", value);
  }

  static String loss(OptionalDouble value) {
    return value.isPresent() ? loss(value.getAsDouble()) : MISSING;
  }

  /** A share as a percentage with one decimal. */
  static String percent(double share) {
    return format("%.1f", 100 * share) + NO_BREAK + "%";
  }

  /** Three significant digits or so, without an exponent. */
  static String amount(double value) {
    if (!Double.isFinite(value)) {
      return MISSING;
    }
    double size = Math.abs(value);
    if (size >= 100) {
      return format("%,.0f", value);
    }
    if (size >= 10) {
      return format("%.1f", value);
    }
    return format(size >= 1 ? "%.2f" : "%.3f", value);
  }

  /** How many times as much: "1.4", "64". */
  static String ratio(double value) {
    return Double.isFinite(value) ? format(value < 9.95 ? "%.1f" : "%,.0f", value) : MISSING;
  }

  /** "1.2 s", "48 s", "12 min 5 s", "3 h 20 min". */
  static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return MISSING;
    }
    if (seconds < 10) {
      return format("%.1f", seconds) + NO_BREAK + "s";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + NO_BREAK + "s";
    }
    if (whole < 3600) {
      return whole / 60 + NO_BREAK + "min" + NO_BREAK + whole % 60 + NO_BREAK + "s";
    }
    long minutes = Math.round(seconds / 60);
    return minutes / 60 + NO_BREAK + "h" + NO_BREAK + minutes % 60 + NO_BREAK + "min";
  }
}
