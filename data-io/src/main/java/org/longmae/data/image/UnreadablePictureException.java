package org.longmae.data.image;

/**
 * Bytes that are not a whole picture. The message is the reason, short enough for a list of
 * quarantined files: {@code empty file}, {@code truncated JPEG: …}, {@code not a picture: …}.
 */
public final class UnreadablePictureException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes an exception whose message is the reason. */
  public UnreadablePictureException(String reason) {
    super(reason);
  }
}
