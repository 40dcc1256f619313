package dev.glimpse.registry;

import dev.glimpse.model.Model;
import dev.glimpse.repository.FolderSnapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Counts the users of a model in service. After it is retired, the last user closes it. */
public final class ServedModel {

  private static final Logger LOG = Logger.getLogger(ServedModel.class);

  private final Model model;
  private final FolderSnapshot state;
  private final Consumer<Model> closed;

  /** The leases, plus one for the service until it is retired. Never leaves 0. */
  private final AtomicInteger users = new AtomicInteger(1);

  private final AtomicBoolean retired = new AtomicBoolean();

  /**
   * Puts a model into service.
   *
   * @param model owned by this from now on
   * @param state what its folder held when it was loaded
   * @param closed is called after the model is closed
   */
  ServedModel(Model model, FolderSnapshot state, Consumer<Model> closed) {
    this.model = model;
    this.state = state;
    this.closed = closed;
  }

  /** Returns the model, which may be run only by those who have leased it. */
  public Model model() {
    return model;
  }

  FolderSnapshot state() {
    return state;
  }

  /** Leases the model; empty if it is closed. */
  Optional<ModelLease> lease() {
    int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    return before == 0 ? Optional.empty() : Optional.of(new ModelLease(this));
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      close();
    }
  }

  /** Ends the service's own use; the model is closed when its last lease is. */
  void retire() {
    if (retired.compareAndSet(false, true)) {
      release();
    }
  }

  private void close() {
    try {
      model.close();
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s/%d failed to close", model.name(), model.version());
    }
    closed.accept(model);
  }
}
