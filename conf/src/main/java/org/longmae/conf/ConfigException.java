package org.longmae.conf;

/**
 * A configuration that cannot work. The message is one line for the user: the key, the rule, the
 * value and, once {@code ConfigLoader} has seen it, the place.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /**
   * Makes an error about one key.
   *
   * @param key dotted key, for example {@code mask.ratio}; empty if the error is about no key
   */
  public ConfigException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** The dotted key that the error is about; empty if there is none. */
  public String key() {
    return key;
  }
}
