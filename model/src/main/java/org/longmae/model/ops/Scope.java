package org.longmae.model.ops;

/**
 * Frees tensors deterministically: closing it gives back all that were made since it was opened,
 * without waiting for the garbage collector. Scopes nest; only the innermost may be closed.
 */
public interface Scope extends AutoCloseable {
  /** Hands a tensor made in this scope to the enclosing one, or to the backend if there is none. */
  Tensor keep(Tensor tensor);

  @Override
  void close();
}
