package dev.glimpse.api.http;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.pipeline.IncomingRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Hands every request with a body to the pipeline: it is admitted before its body is read. The
 * event loop reads the body; a worker does everything else.
 */
@ApplicationScoped
public class Exchange {

  private final RequestDeadline deadline;
  private final BodyReader reader;
  private final RequestMemory memory;
  private final ContentCoding coding;

  Exchange(
      RequestDeadline deadline, BodyReader reader, RequestMemory memory, ContentCoding coding) {
    this.deadline = deadline;
    this.memory = memory;
    this.reader = reader;
    this.coding = coding;
  }

  /**
   * Serves a request. Call it on the request's event loop, from a resource method that takes no
   * body itself.
   *
   * @param service admits the request and answers it; throws a {@link ServingException} if the
   *     request is not admitted
   * @param parser parses the body, on a worker, without its content coding
   * @return fails with a {@link ServingException} if the request cannot be answered
   */
  public <Q, A> CompletionStage<A> ask(
      RoutingContext context,
      Function<IncomingRequest<Q>, CompletionStage<A>> service,
      Function<Bytes, Q> parser) {
    String encoding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    return askEncoded(context, service, body -> parser.apply(coding.decoded(body, encoding)));
  }

  /**
   * Serves a request whose body is handed over as it has been sent. Otherwise as {@link #ask}.
   *
   * @param parser parses the body, on a worker
   */
  public <Q, A> CompletionStage<A> askEncoded(
      RoutingContext context,
      Function<IncomingRequest<Q>, CompletionStage<A>> service,
      Function<Bytes, Q> parser) {
    try {
      requireSupported(context);
      return service.apply(
          new HttpRequest<>(context, deadline.of(context.request()), reader, memory, parser));
    } catch (ServingException e) {
      return reader.refuse(context, e);
    }
  }

  private static void requireSupported(RoutingContext context) {
    try {
      ContentCoding.requireSupported(context.request());
    } catch (ServingException e) {
      if (!GrpcExchange.is(context.request())) { // whose responses always say so
        context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, ContentCoding.ACCEPTED);
      }
      throw e;
    }
  }
}
