package dev.glimpse.pipeline;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Publishes each finished prediction to the listeners. Any thread may call it. */
@ApplicationScoped
public class PredictionListeners {

  private static final Logger LOG = Logger.getLogger(PredictionListeners.class);

  private final List<PredictionListener> listeners;
  private final boolean needBrightness;
  private final AtomicBoolean failed = new AtomicBoolean();

  /** Publishes to those listeners that are {@linkplain PredictionListener#isOn on}. */
  public PredictionListeners(@All List<PredictionListener> all) {
    this.listeners = all.stream().filter(PredictionListener::isOn).toList();
    this.needBrightness = listeners.stream().anyMatch(PredictionListener::needsBrightness);
  }

  /** Returns whether no listener is on. */
  public boolean isEmpty() {
    return listeners.isEmpty();
  }

  /** Returns whether images' brightness is to be measured. */
  public boolean needBrightness() {
    return needBrightness;
  }

  /**
   * Publishes a prediction. Never fails.
   *
   * @param prediction made only if a listener is on
   */
  public void publish(Supplier<Prediction> prediction) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      Prediction made = prediction.get();
      listeners.forEach(listener -> publishTo(listener, made));
    } catch (RuntimeException e) {
      logFirst(e);
    }
  }

  private void publishTo(PredictionListener listener, Prediction prediction) {
    try {
      listener.predicted(prediction);
    } catch (RuntimeException e) {
      logFirst(e);
    }
  }

  /** Logs one failure, as each of many predictions may fail in the same way. */
  private void logFirst(RuntimeException e) {
    if (failed.compareAndSet(false, true)) {
      LOG.warn("A prediction could not be recorded; further failures are not logged.", e);
    }
  }
}
