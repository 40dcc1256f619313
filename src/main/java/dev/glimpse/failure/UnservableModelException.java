package dev.glimpse.failure;

/**
 * A model folder that cannot be served. The message is one sentence for the operator: which folder,
 * what is wrong, what to mend. It stops the start and never reaches a client.
 */
public final class UnservableModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnservableModelException(String message) {
    super(message);
  }

  public UnservableModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
