package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failure that is asked for, to show that a run survives it: {@code fault = point@round}, with
 * {@code !} at the end {@code point@round!}.
 *
 * @param point where it strikes
 * @param round in which, from 1; 0 is the writing of the initial weights
 * @param halts whether it ends the JVM as {@code kill -9} does, or else throws
 */
public record Fault(Point point, int round, boolean halts) {
  /** The places where a run can be told to fail. */
  public enum Point {
    /** A task, before it reads the state. */
    LOAD,
    /** A task that has trained and has sent nothing. */
    TRAIN,
    /** A worker's task, when its results' file for the averaging is open and nothing is in it. */
    SEND,
    /** A task, before it writes a part of the state. */
    WRITE,
    /** The driver, when a round's files are written and nothing is said of them. */
    METRICS,
    /** The driver, before it commits. */
    COMMIT,
    /** The driver, when it has committed and old states are still there. */
    PRUNE
  }

  private static final String KEY = "fault";
  private static final Pattern FORM = Pattern.compile("([a-z]+)@([0-9]{1,9})(!?)");

  /**
   * Reads the setting.
   *
   * @return nothing if it is empty
   * @throws ConfigException if it is no fault
   */
  static Optional<Fault> parse(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<String> points =
        Arrays.stream(Point.values()).map(point -> point.name().toLowerCase(Locale.ROOT)).toList();
    Matcher form = FORM.matcher(text);
    require(
        form.matches() && points.contains(form.group(1)),
        KEY,
        "must be empty or point@round, with one of %s, but was \"%s\"",
        points,
        text);
    Point point = Point.values()[points.indexOf(form.group(1))];
    return Optional.of(new Fault(point, Integer.parseInt(form.group(2)), !form.group(3).isEmpty()));
  }
}
