package dev.glimpse.failure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Handles failures of asynchronous work. */
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

  /** Starts work; what it throws becomes the failure of the stage that is returned. */
  public static <T> CompletionStage<T> start(Supplier<? extends CompletionStage<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Completes a future with a failure, or with a value if there is no failure. */
  public static <T> void complete(
      CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      future.complete(value);
    } else {
      future.completeExceptionally(failure);
    }
  }
}
