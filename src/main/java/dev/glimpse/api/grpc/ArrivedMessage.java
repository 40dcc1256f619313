package dev.glimpse.api.grpc;

import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.IncomingRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Is a message of a stream, with all its bytes.
 *
 * @param timeout how long it may take
 * @param flag the first byte before it
 * @param gone completed when the stream ends
 */
record ArrivedMessage(
    RoutingContext context,
    Duration timeout,
    Body body,
    int flag,
    CompletableFuture<Void> gone,
    RequestMemory memory,
    MessageLimits limits)
    implements MessageHandler.Message {

  @Override
  public <Q> IncomingRequest<Q> request(Function<Bytes, Q> parser) {
    return new StreamMessage<>(
        context, timeout, body, gone, flag != 0, memory, this::decoded, parser);
  }

  @Override
  public <Q> Q read(Function<Bytes, Q> parser) {
    try {
      return parser.apply(decoded(body.take()));
    } finally {
      body.close();
    }
  }

  private Bytes decoded(Bytes packed) {
    return GrpcMessage.decoded(
        packed, flag, context.request().getHeader(GrpcExchange.ENCODING), limits.coding());
  }
}
