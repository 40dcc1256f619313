package dev.glimpse.registry;

import dev.glimpse.model.Model;
import dev.glimpse.repository.FolderSnapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** A model in service. Once it is retired, whoever is the last to use it closes it. */
public final class ServedModel {

  private static final Logger LOG = Logger.getLogger(ServedModel.class);

  private final Model model;
  private final FolderSnapshot state;
  private final Consumer<Model> closed;

  /** Leases, and one for the service until it is retired. At 0 it stays. */
  private final AtomicInteger users = new AtomicInteger(1);

  private final AtomicBoolean retired = new AtomicBoolean();

  /**
   * Puts a model into service.
   *
   * @param model owned by this from now on
   * @param state what its folder held when it was loaded
   * @param closed hears of it when it is closed
   */
  ServedModel(Model model, FolderSnapshot state, Consumer<Model> closed) {
    this.model = model;
    this.state = state;
    this.closed = closed;
  }

  public Model model() {
    return model;
  }

  FolderSnapshot state() {
    return state;
  }

  /** Empty if it is closed. */
  Optional<ModelLease> lease() {
    int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    return before == 0 ? Optional.empty() : Optional.of(new ModelLease(this));
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      close();
    }
  }

  /** Nobody is to lease it any more; it is closed as soon as nobody does. */
  void retire() {
    if (retired.compareAndSet(false, true)) {
      release();
    }
  }

  private void close() {
    try {
      model.close();
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s/%d was not closed well", model.name(), model.version());
    }
    closed.accept(model);
  }
}
