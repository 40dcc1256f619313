package dev.glimpse.events;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Says what became of events.
 *
 * @param outcomes of each
 * @param reason why the first was not accepted, as the rest of a sentence about the sink; empty if
 *     all were
 * @param pause for how long the receiver asks to be left alone; 0 if it does not say
 */
record Delivered(List<Outcome> outcomes, Optional<String> reason, Duration pause) {

  /** What became of an event. */
  enum Outcome {
    ACCEPTED,
    /** It would be rejected again. */
    REJECTED,
    /** It may be accepted later. */
    FAILED
  }

  /** All of so many have been accepted. */
  static Delivered all(int count) {
    return new Delivered(
        Collections.nCopies(count, Outcome.ACCEPTED), Optional.empty(), Duration.ZERO);
  }

  /** Returns whether one may be accepted later. */
  boolean anyFailed() {
    return outcomes.contains(Outcome.FAILED);
  }

  /** Returns how many had an outcome. */
  int count(Outcome outcome) {
    return Collections.frequency(outcomes, outcome);
  }
}
