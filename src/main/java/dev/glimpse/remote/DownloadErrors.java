package dev.glimpse.remote;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.time.Duration;

/**
 * Creates the errors for an image that could not be downloaded. The message is the same whether an
 * address is forbidden, unknown, closed or silent: otherwise clients could explore the network that
 * the service runs in.
 */
final class DownloadErrors {

  private DownloadErrors() {}

  static ServingException unreachable() {
    return new ServingException(
        Failure.UNFETCHED_PICTURE, "No image could be fetched from the URL.");
  }

  static ServingException notThere() {
    return new ServingException(
        Failure.UNFETCHED_PICTURE, "The server of the URL did not return an image.");
  }

  static ServingException brokenOff() {
    return new ServingException(
        Failure.UNFETCHED_PICTURE,
        "The image at the URL is incomplete: the connection ended too early.");
  }

  static ServingException tooLarge(long maxBytes) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The image at the URL is larger than the maximum of " + maxBytes + " bytes.");
  }

  static ServingException notAnImage() {
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE,
        "The Content-Type at the URL must be image/* or application/octet-stream, without"
            + " encoding.");
  }

  static ServingException late(Duration timeout) {
    return new ServingException(
        Failure.DEADLINE_PASSED,
        "The image at the URL did not arrive within " + timeout.toMillis() + " ms.");
  }
}
