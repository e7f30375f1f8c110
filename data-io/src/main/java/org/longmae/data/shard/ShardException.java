package org.longmae.data.shard;

/** A shard set that is missing, not finished, damaged or too small. The message says which. */
public final class ShardException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public ShardException(String message) {
    super(message);
  }

  /** Makes an exception with a message for the user and what led to it. */
  public ShardException(String message, Throwable cause) {
    super(message, cause);
  }
}
