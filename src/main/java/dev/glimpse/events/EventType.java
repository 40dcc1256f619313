package dev.glimpse.events;

import java.util.Optional;

/** The types of events. */
enum EventType {
  /** All that is logged of a prediction. */
  PREDICTION("dev.glimpse.prediction", Optional.of("urn:glimpse:prediction:1")),
  /** The request of KServe's logger. */
  REQUEST("org.kubeflow.serving.inference.request", Optional.empty()),
  /** The response of KServe's logger. */
  RESPONSE("org.kubeflow.serving.inference.response", Optional.empty());

  private final String type;
  private final Optional<String> schema;

  EventType(String type, Optional<String> schema) {
    this.type = type;
    this.schema = schema;
  }

  /** Returns the attribute {@code type}. */
  String type() {
    return type;
  }

  /** Returns the attribute {@code dataschema}, the {@code $id} of a schema in docs. */
  Optional<String> schema() {
    return schema;
  }
}
