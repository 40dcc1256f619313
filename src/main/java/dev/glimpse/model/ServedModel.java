package dev.glimpse.model;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** A model in service. Once it is retired, whoever is the last to use it closes it. */
final class ServedModel {

  private static final Logger LOG = Logger.getLogger(ServedModel.class);

  private final Model model;
  private final FolderState state;
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
  ServedModel(Model model, FolderState state, Consumer<Model> closed) {
    this.model = model;
    this.state = state;
    this.closed = closed;
  }

  Model model() {
    return model;
  }

  FolderState state() {
    return state;
  }

  /** Whether it is the version of the model that the folder holds. */
  boolean isOf(ModelFolder folder) {
    return folder.name().equals(model.name()) && folder.version() == model.version();
  }

  /** Empty if it is closed. */
  Optional<Lease> lease() {
    int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    return before == 0 ? Optional.empty() : Optional.of(new Lease(this));
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
