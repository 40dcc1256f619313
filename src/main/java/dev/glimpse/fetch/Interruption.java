package dev.glimpse.fetch;

import java.io.IOException;
import java.time.Duration;

/** A transfer ended early; what came of it is kept, and it may go on where it stopped. */
final class Interruption extends IOException {

  private final Duration wait;

  Interruption(String sentence) {
    this(sentence, Duration.ZERO);
  }

  /**
   * Makes one.
   *
   * @param wait how long the server asked to be left alone
   */
  Interruption(String sentence, Duration wait) {
    super(sentence);
    this.wait = wait;
  }

  Duration waiting() {
    return wait;
  }
}
