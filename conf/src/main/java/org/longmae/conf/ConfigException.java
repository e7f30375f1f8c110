package org.longmae.conf;

import java.util.ArrayList;
import java.util.List;

/**
 * A configuration that cannot work. The message is one line for the user: the key, the rule, the
 * value and, once {@code ConfigLoader} has seen it, the place.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> keys;

  /**
   * Makes an error about one key.
   *
   * @param key dotted key, for example {@code mask.ratio}; empty if the error is about no key
   */
  public ConfigException(String key, String message) {
    this(key.isEmpty() ? List.of() : List.of(key), message);
  }

  ConfigException(List<String> keys, String message) {
    super(message);
    this.keys = new ArrayList<>(keys);
  }

  /** The dotted keys that the error is about; empty if there are none. */
  List<String> keys() {
    return List.copyOf(keys);
  }
}
