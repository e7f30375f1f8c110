package org.longmae.data.tensor;

import java.io.IOException;

/** A file of tensors that is damaged, of another format, or not to be trusted. */
public final class TensorFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A failure; the message names the file, the place in it, the rule and the value. */
  public TensorFileException(String message) {
    super(message);
  }
}
