package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.tracing.RequestTrace;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Adapts an HTTP request to the pipeline.
 *
 * @param memory bounds what is parsed at a time
 * @param parser parses the body, on a worker
 */
record HttpRequest<Q>(
    RoutingContext context,
    Duration timeout,
    BodyReader reader,
    RequestMemory memory,
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
    return reader.read(context, timeout, progress);
  }

  @Override
  public Q parse(Bytes body) {
    if (!GrpcExchange.is(context.request())) {
      JsonSize.requireAtMost(memory.mostParsed(), body);
    }
    if (isParsedInPlace(body)) {
      return parser.apply(body);
    }
    Reservation reserved = memory.forParsing(reader.decompressed(context.request(), body.length()));
    try {
      return parser.apply(body);
    } finally {
      reserved.close();
    }
  }

  /** Returns whether the body is the image itself, or a message, whose tensors are read later. */
  private boolean isParsedInPlace(Bytes body) {
    if (GrpcExchange.is(context.request())) {
      return ContentCoding.isIdentity(context.request());
    }
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    String coding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    return coding == null
        && type != null
        && type.regionMatches(true, 0, "image/", 0, 6)
        && !JsonSize.beginsAsJson(body);
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
