package dev.glimpse.failure;

import org.jspecify.annotations.Nullable;

/**
 * Reports a model folder that cannot be served. The message is one sentence for the operator: which
 * folder, what is wrong, what to fix. It stops the start and never reaches a client.
 */
public final class UnservableModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  public UnservableModelException(String message) {
    super(Printable.of(message));
    this.reason = "The log says why.";
  }

  public UnservableModelException(String message, Throwable cause) {
    super(Printable.of(message), cause);
    this.reason = "The log says why.";
  }

  /**
   * Reports a folder with a shorter sentence for clients.
   *
   * @param reason what is wrong with the folder, without its path and without other programs'
   *     messages
   */
  public UnservableModelException(String message, String reason, @Nullable Throwable cause) {
    super(Printable.of(message), cause);
    this.reason = Printable.of(reason);
  }

  /** Returns a sentence that may reach a client: it holds no path. */
  public String reason() {
    return reason;
  }
}
