package dev.glimpse.events;

import dev.glimpse.config.EventsConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives events their attributes. Immutable. */
final class EventAttributes {

  private final String source;
  private final Map<String, String> extensions;

  /**
   * Takes the attributes that all events have.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if the settings are wrong
   */
  EventAttributes(EventsConfig settings) {
    this.source = settings.source();
    this.extensions = Extensions.of(settings);
  }

  /** Returns an event of a prediction. */
  CloudEvent event(EventType type, LoggedPrediction prediction) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", prediction.id());
    attributes.put("source", source);
    attributes.put("type", type.type());
    attributes.put("subject", prediction.model());
    attributes.put("time", prediction.time().toString());
    type.schema().ifPresent(schema -> attributes.put("dataschema", schema));
    attributes.put("requestid", prediction.requestId());
    prediction.trace().ifPresent(trace -> trace.write(attributes::put));
    if (type != EventType.PREDICTION) {
      putWhatKServeHas(prediction, attributes);
    }
    attributes.putAll(extensions);
    return new CloudEvent(attributes, EventData.of(type, prediction));
  }

  /** As far as it is known here; the rest are settings. */
  private static void putWhatKServeHas(
      LoggedPrediction prediction, Map<String, String> attributes) {
    attributes.put("inferenceservicename", prediction.model());
    attributes.put("component", "predictor");
    attributes.put("endpoint", "default");
  }
}
