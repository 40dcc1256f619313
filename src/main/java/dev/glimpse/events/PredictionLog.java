package dev.glimpse.events;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.pipeline.PredictionListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Logs each prediction as an event, if {@code glimpse.events} says where to. Without that setting
 * there is no thread, and no other class of this package is loaded.
 */
@ApplicationScoped
public class PredictionLog implements PredictionListener {

  private final GlimpseConfig config;
  private final MeterRegistry meters;
  private volatile @Nullable EventWriter writer;

  @Inject
  public PredictionLog(GlimpseConfig config, MeterRegistry meters) {
    this.config = config;
    this.meters = meters;
  }

  @Override
  public boolean isOn() {
    return config.events().target().isPresent();
  }

  @Override
  public boolean needsBrightness() {
    return isOn();
  }

  /**
   * Begins to send events.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if the settings are wrong
   */
  synchronized void start(@Observes StartupEvent event) {
    if (isOn()) {
      writer = EventWriter.start(config, meters);
    }
  }

  /** Adds the prediction's events to a queue, or drops them; never waits. */
  @Override
  public void predicted(Prediction prediction) {
    EventWriter open = writer;
    if (open != null) { // the service has started
      open.add(prediction);
    }
  }

  /** Sends what is queued, for a bounded time. Requests have been answered by now. */
  synchronized void stop(@Observes ShutdownEvent event) {
    EventWriter open = writer;
    if (open != null) {
      open.close();
    }
  }
}
