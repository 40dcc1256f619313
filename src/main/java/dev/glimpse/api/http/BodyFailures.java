package dev.glimpse.api.http;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.VertxException;
import java.io.IOException;

/** Says what went wrong with a body. */
final class BodyFailures {

  private BodyFailures() {}

  /**
   * Refuses a body that is larger than its limit.
   *
   * @param limit in bytes
   * @param advice says what to do, after a space; empty if nothing can be done
   */
  static ServingException tooLarge(long limit, String advice) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The body is too large; at most %d bytes are read.%s".formatted(limit, advice));
  }

  /**
   * Refuses JSON that is larger than there is memory to parse it.
   *
   * @param limit in bytes
   */
  static ServingException tooMuchJson(long limit) {
    return new ServingException(
        Failure.TOO_LARGE,
        "The JSON is too large; at most %d bytes are parsed in this much memory. Send less of it, or the image itself or a form, or raise glimpse.memory.work or the heap."
            .formatted(limit));
  }

  /** Refuses a body of gRPC that goes on after its message. */
  static ServingException moreThanAMessage(long message) {
    return new ServingException(
        Failure.MALFORMED_REQUEST,
        "The body must hold one message, whose length is %d, and goes on after it."
            .formatted(message));
  }

  static ServingException deadlinePassed() {
    return new ServingException(
        Failure.DEADLINE_PASSED, "The time that this request was given is over.");
  }

  static ServingException late(long millis) {
    return new ServingException(
        Failure.REQUEST_TIMEOUT, "The body did not arrive within " + millis + " ms.");
  }

  static ServingException tooSlow(long bytes, long millis, long rate) {
    return new ServingException(
        Failure.REQUEST_TIMEOUT,
        "Only %d bytes of the body arrived within %d ms; send at least %d bytes a second."
            .formatted(bytes, millis, rate));
  }

  static ServingException memoryNeeded(long bytes, long millis, int retryAfter) {
    return new ServingException(
        Failure.REQUEST_TIMEOUT,
        "Only %d bytes of the body arrived within %d ms, and other requests wait for its memory; send it faster, or try again later."
            .formatted(bytes, millis),
        retryAfter);
  }

  static ServingException noMemory(long millis, int retryAfter) {
    return new ServingException(
        Failure.OVERLOADED,
        "No memory for the body was free within %d ms; try again soon.".formatted(millis),
        retryAfter);
  }

  static ServingException gone() {
    return new ServingException(Failure.CLIENT_GONE, "The body ends before it should.");
  }

  static ServingException brokenOff(Throwable e) {
    boolean closed = e instanceof VertxException || e instanceof IOException;
    return new ServingException(
        closed ? Failure.CLIENT_GONE : Failure.MALFORMED_REQUEST,
        "The body ends before it should.",
        e);
  }
}
