package dev.glimpse.pipeline;

/** Is notified of each finished prediction, with every protocol. */
public interface PredictionListener {

  /** Returns whether it is to be notified at all; called once, when the service starts. */
  default boolean isOn() {
    return true;
  }

  /** Returns whether it needs the brightness of {@link Prediction#image}; called once, at start. */
  default boolean needsBrightness() {
    return false;
  }

  /**
   * Receives a prediction before its response is sent: must be quick and not block. Called on
   * workers, by several at once; what it throws is logged, and does not fail the request.
   */
  void predicted(Prediction prediction);
}
