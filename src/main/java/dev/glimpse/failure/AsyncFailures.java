package dev.glimpse.failure;

import java.util.concurrent.CompletionException;

/** Finds the cause of an asynchronous stage's failure. */
public final class AsyncFailures {

  private AsyncFailures() {}

  /**
   * Returns the exception that a stage failed with, without the {@link CompletionException} that
   * dependent stages wrap around it.
   */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
