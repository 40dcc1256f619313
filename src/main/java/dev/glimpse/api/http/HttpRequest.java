package dev.glimpse.api.http;

import dev.glimpse.pipeline.IncomingRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Adapts an HTTP request to the pipeline.
 *
 * @param parser parses the body, on a worker
 */
record HttpRequest<Q>(
    RoutingContext context, Duration timeout, BodyReader reader, Function<byte[], Q> parser)
    implements IncomingRequest<Q> {

  @Override
  public String id() {
    return RequestId.of(context);
  }

  @Override
  public CompletionStage<byte[]> body() {
    return reader.read(context, timeout);
  }

  @Override
  public Q parse(byte[] body) {
    return parser.apply(body);
  }

  @Override
  public void onDisconnect(Runnable callback) {
    context.addEndHandler(ended -> callback.run());
  }

  @Override
  public void modelChosen(String name) {
    RequestLog.model(context, name);
  }
}
