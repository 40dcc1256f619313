package dev.glimpse.failure;

import java.util.concurrent.CompletionException;

/** Finds out why an asynchronous stage failed. */
public final class AsyncFailures {

  private AsyncFailures() {}

  /**
   * Returns what a stage failed with, without the {@link CompletionException} that dependent stages
   * wrap around it.
   */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
