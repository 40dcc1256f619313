package dev.glimpse.api.triton;

import dev.glimpse.api.http.BodyReader;
import dev.glimpse.api.http.RequestDeadline;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;

/**
 * Reads the bodies of requests about the repository. They are limited to 64 KiB, because they skip
 * the queue, {@code index} needs no token, and the event loop parses them.
 */
@ApplicationScoped
public class ControlBodyReader {

  private static final long MOST_BYTES = 64 << 10;

  private final BodyReader reader;
  private final RequestDeadline deadline;

  ControlBodyReader(BodyReader reader, RequestDeadline deadline) {
    this.reader = reader;
    this.deadline = deadline;
  }

  /**
   * Reads a body. To be called on the request's event loop.
   *
   * @return fails with a {@link ServingException}, as {@link BodyReader#read} and {@link
   *     ControlBody#read} do; UNSUPPORTED_MEDIA_TYPE if the body is compressed
   */
  CompletionStage<ControlBody> read(RoutingContext context) {
    String encoding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
      return refuse(
          context,
          new ServingException(
              Failure.UNSUPPORTED_MEDIA_TYPE,
              "This endpoint takes no compressed bodies, and the Content-Encoding is \"%s\"; send the body as it is."
                  .formatted(encoding.strip())));
    }
    return reader
        .read(context, deadline.of(context.request()), MOST_BYTES)
        .thenApply(ControlBody::read);
  }

  /** As {@link BodyReader#refuse}. */
  <T> CompletionStage<T> refuse(RoutingContext context, ServingException why) {
    return reader.refuse(context, why);
  }
}
