package org.longmae.conf;

import java.util.List;
import java.util.Locale;

/** Rules of the configuration records, stated as "the rule, then the value". */
final class Checks {
  private Checks() {}

  /**
   * Refuses a value that breaks a rule.
   *
   * @param key the dotted key the rule is about; the error carries it, so that its place in the
   *     user's files can be named
   * @throws ConfigException if {@code holds} is false
   */
  static void require(boolean holds, String key, String rule, Object... values) {
    if (!holds) {
      throw new ConfigException(key, key + " " + String.format(Locale.ROOT, rule, values));
    }
  }

  /**
   * Refuses values that do not go together.
   *
   * @param keys all keys that the rule is about, the one that the message starts with first; the
   *     place named is that of the first one which somebody set
   * @throws ConfigException if {@code holds} is false
   */
  static void require(boolean holds, List<String> keys, String rule, Object... values) {
    if (!holds) {
      String message = keys.get(0) + " " + String.format(Locale.ROOT, rule, values);
      throw new ConfigException(keys, message);
    }
  }
}
