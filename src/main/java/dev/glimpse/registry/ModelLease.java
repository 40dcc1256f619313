package dev.glimpse.registry;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The right to run a model: it stays open until the last lease is closed, even if another has taken
 * its place meanwhile. Any thread may close it, and twice does no harm.
 */
public final class ModelLease implements AutoCloseable {

  private final ServedModel served;
  private final AtomicBoolean closed = new AtomicBoolean();

  ModelLease(ServedModel served) {
    this.served = served;
  }

  /** To be used until this is closed. */
  public Model model() {
    return served.model();
  }

  /**
   * One more of the same model.
   *
   * @throws ServingException NOT_READY if this one was closed, and the model after it
   */
  public ModelLease another() {
    return served
        .lease()
        .orElseThrow(
            () -> new ServingException(Failure.NOT_READY, "The model was closed; try again."));
  }

  /** Works with the model, and closes this when the work is done, whatever comes of it. */
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
