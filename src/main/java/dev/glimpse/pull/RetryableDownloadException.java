package dev.glimpse.pull;

import java.io.IOException;
import java.time.Duration;

/** A transfer ended early; what came of it is kept, and it may go on where it stopped. */
final class RetryableDownloadException extends IOException {

  private final Duration wait;

  RetryableDownloadException(String sentence) {
    this(sentence, Duration.ZERO);
  }

  /**
   * Makes one.
   *
   * @param wait how long the server asked to be left alone
   */
  RetryableDownloadException(String sentence, Duration wait) {
    super(sentence);
    this.wait = wait;
  }

  Duration waiting() {
    return wait;
  }
}
