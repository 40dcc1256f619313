package dev.glimpse.remote;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.time.Duration;

/**
 * What is said of a picture that was not fetched. Sentences that are always the same: whether an
 * address is forbidden, unknown, closed or silent is nobody's business, as it would tell what there
 * is in a network that only we can see.
 */
final class Refusals {

  private Refusals() {}

  static ServingException unreachable() {
    return new ServingException(
        Failure.UNFETCHED_PICTURE, "No picture could be fetched from the URL.");
  }

  static ServingException notThere() {
    return new ServingException(
        Failure.UNFETCHED_PICTURE, "The URL was not answered with a picture.");
  }

  static ServingException brokenOff() {
    return new ServingException(
        Failure.UNFETCHED_PICTURE, "The picture at the URL ended before it should.");
  }

  static ServingException tooLarge(long maxBytes) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The picture at the URL is larger than " + maxBytes + " bytes, the most that is read.");
  }

  static ServingException notAnImage() {
    return new ServingException(
        Failure.UNSUPPORTED_MEDIA_TYPE,
        "What is at the URL is neither image/* nor application/octet-stream.");
  }

  static ServingException late(Duration timeout) {
    return new ServingException(
        Failure.DEADLINE_PASSED,
        "The picture at the URL did not arrive within " + timeout.toMillis() + " ms.");
  }
}
