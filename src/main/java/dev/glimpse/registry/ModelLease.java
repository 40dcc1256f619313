package dev.glimpse.registry;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Keeps a model open while it is used, even if another has replaced it. Any thread may close a
 * lease, more than once if need be.
 */
public final class ModelLease implements AutoCloseable {

  private final ServedModel served;
  private final AtomicBoolean closed = new AtomicBoolean();

  ModelLease(ServedModel served) {
    this.served = served;
  }

  /** Returns the model, which may be used until this lease is closed. */
  public Model model() {
    return served.model();
  }

  /**
   * Leases the same model once more.
   *
   * @throws ServingException NOT_READY if this one was closed, and the model after it
   */
  public ModelLease another() {
    return served
        .lease()
        .orElseThrow(
            () -> new ServingException(Failure.NOT_READY, "The model was closed; try again."));
  }

  /** Runs asynchronous work with the model, and closes this lease when it completes or fails. */
  public <T> CompletionStage<T> during(Function<Model, CompletionStage<T>> work) {
    CompletionStage<T> done;
    try {
      done = work.apply(model());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    return done.whenComplete((result, failure) -> close());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      served.release();
    }
  }
}
