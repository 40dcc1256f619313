package dev.glimpse.api.grpc;

import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.http.RequestTracing;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.tracing.RequestTrace;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Adapts a message of a stream, which has arrived, to the pipeline. Its id is the stream's, so that
 * where versions share a model's traffic all messages get the same one.
 *
 * @param body the message, without its compression only when it is parsed
 * @param gone completed when the stream ends
 * @param compressed whether the message is
 * @param decoded returns the message without its compression
 * @param parser parses the message, on a worker
 */
record StreamMessage<Q>(
    RoutingContext context,
    Duration timeout,
    Body body,
    CompletableFuture<Void> gone,
    boolean compressed,
    RequestMemory memory,
    Function<Bytes, Bytes> decoded,
    Function<Bytes, Q> parser)
    implements IncomingRequest<Q> {

  @Override
  public String id() {
    return RequestId.of(context);
  }

  @Override
  public RequestTrace trace() {
    return RequestTracing.of(context);
  }

  @Override
  public String path() {
    return context.normalizedPath();
  }

  @Override
  public CompletionStage<Body> body(BodyProgress progress) {
    return CompletableFuture.completedFuture(body);
  }

  @Override
  public Q parse(Bytes bytes) {
    if (!compressed) { // its tensors are read later
      return parser.apply(bytes);
    }
    Reservation reserved = memory.forParsing(body.decompressed());
    try {
      return parser.apply(decoded.apply(bytes));
    } finally {
      reserved.close();
    }
  }

  @Override
  public void onDisconnect(Runnable callback) {
    var unused = gone.thenRun(callback);
  }
}
