package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/**
 * Bounds what a job may take: its body must fit into {@code glimpse.results.max-bytes}, and its
 * result into half of that, and into 256 MiB, which is half of the longest value in Redis.
 */
public final class ResultSize {

  /** Of a response without its classes. */
  private static final int IMAGE = 256;

  /** Of a class with a short label. */
  private static final int CLASS = 64;

  private static final long LONGEST = 256L << 20;

  private ResultSize() {}

  /** Returns the most bytes of a result. */
  static long most(long maxBytes) {
    return Math.min(maxBytes / 2, LONGEST);
  }

  /**
   * Checks that a job and its result will fit, as far as can be known before it is worked on.
   *
   * @param body its length in bytes
   * @param topK how many classes are returned for each image
   * @param maxBytes {@code glimpse.results.max-bytes}
   * @throws ServingException TOO_LARGE if it will not
   */
  public static void check(long body, int images, int topK, long maxBytes) {
    if (body > maxBytes) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "A request that is answered later may have %d bytes; this one has %d."
              .formatted(maxBytes, body));
    }
    long result = images * (IMAGE + (long) topK * CLASS);
    if (result > most(maxBytes)) {
      throw new ServingException(
          Failure.TOO_LARGE,
          "The result would have about %d bytes, and may have %d; send fewer images at a time, or a smaller top_k."
              .formatted(result, most(maxBytes)));
    }
  }

  /** Returns what ends a job whose result has become too large all the same. */
  static ServingException tooLarge(long most) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The result has more than %d bytes; send fewer images at a time, or a smaller top_k."
            .formatted(most));
  }
}
