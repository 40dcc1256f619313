package dev.glimpse.api.grpc;

import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/**
 * Bounds the messages of a stream.
 *
 * @param maxBytes the most bytes of one
 * @param advice says what to do about a larger one, after a space; may be empty
 * @param coding decompresses to no more than one may have
 */
record MessageLimits(long maxBytes, String advice, ContentCoding coding) {

  /** Returns limits that are no larger. */
  MessageLimits atMost(int bytes) {
    return new MessageLimits(Math.min(bytes, maxBytes), "", coding.atMost(bytes));
  }

  /**
   * Returns how many bytes a message may have without its compression.
   *
   * @param flag 0 if it is not compressed
   * @throws ServingException TOO_LARGE if it is not read at all
   */
  long neededFor(long length, int flag) {
    if (length > maxBytes) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The message is too large; at most %d bytes are read.%s".formatted(maxBytes, advice));
    }
    return flag == 0 ? length : Math.max(length, coding.most(length));
  }
}
