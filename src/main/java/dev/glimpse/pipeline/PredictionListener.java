package dev.glimpse.pipeline;

/** Is notified of each finished prediction, with every protocol. */
public interface PredictionListener {

  /** Tells whether it listens at all; asked once, when the service starts. */
  default boolean isOn() {
    return true;
  }

  /** Tells whether it needs {@link Prediction#image}'s brightness; asked once, at the start. */
  default boolean needsBrightness() {
    return false;
  }

  /**
   * Receives a prediction, before its response is sent: must be quick and not block. Called on a
   * worker, or on the thread that ran a batch, by several at once; what it throws is logged, and
   * changes nothing for the request.
   */
  void predicted(Prediction prediction);
}
