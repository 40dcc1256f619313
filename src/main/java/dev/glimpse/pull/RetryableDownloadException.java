package dev.glimpse.pull;

import java.io.IOException;
import java.time.Duration;

/**
 * Reports that an attempt has failed and another may succeed; it resumes after the bytes that
 * arrived.
 */
final class RetryableDownloadException extends IOException {

  private final Duration retryAfter;

  RetryableDownloadException(String sentence) {
    this(sentence, Duration.ZERO);
  }

  /**
   * Creates an exception.
   *
   * @param retryAfter how long the server asks to wait
   */
  RetryableDownloadException(String sentence, Duration retryAfter) {
    super(sentence);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
