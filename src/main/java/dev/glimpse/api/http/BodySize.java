package dev.glimpse.api.http;

import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a body with the most bytes that it may have, as soon as it is known how many will
 * arrive: in gRPC its first bytes say so. For one thread.
 */
final class BodySize {

  private final BodyLimits limits;
  private final @Nullable MessagePrefix message;

  /**
   * Measures a body.
   *
   * @param announced the bytes that the request's header announces; below 0 if it does not say
   */
  BodySize(HttpServerRequest request, BodyLimits limits, long announced) {
    this.limits = limits;
    this.message = announced < 0 && GrpcExchange.is(request) ? new MessagePrefix() : null;
  }

  /**
   * Returns why the body is refused, as soon as more has arrived, or will, than may; null if it is
   * not.
   *
   * @param before how many bytes arrived before these
   * @param next the next ones, whose position stays where it is
   * @param announce receives the length of the whole body, once, if these bytes say it
   */
  @Nullable ServingException excess(long before, ByteBuffer next, LongConsumer announce) {
    long arrived = before + next.remaining();
    long whole = arrived;
    if (message != null) {
      if (message.completedBy(next)) {
        announce.accept(message.bodyBytes());
      }
      if (message.isComplete() && arrived > message.bodyBytes()) {
        return BodyFailures.moreThanAMessage(message.bodyBytes() - GrpcExchange.PREFIX_BYTES);
      }
      whole = Math.max(whole, message.bodyBytes());
    }
    return whole > limits.maxBytes()
        ? BodyFailures.tooLarge(limits.maxBytes(), limits.advice())
        : null;
  }
}
