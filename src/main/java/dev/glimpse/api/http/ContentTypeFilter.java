package dev.glimpse.api.http;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses a malformed {@code Content-Type}, which JAX-RS would answer with a 500, and brings others
 * into their canonical spelling, as JAX-RS compares them in lower case and without blanks.
 */
public class ContentTypeFilter {

  @ServerRequestFilter(preMatching = true)
  void check(ContainerRequestContext request, RoutingContext context) {
    String contentType = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
    if (contentType == null) {
      return;
    }
    ContentType parsed =
        ContentType.parse(contentType)
            .orElseThrow(() ->
                new ServingException(
                    Failure.UNSUPPORTED_MEDIA_TYPE, "The Content-Type header is no media type."));
    String canonical = parsed.toString();
    if (!canonical.equals(contentType)) {
      context.request().headers().set(HttpHeaders.CONTENT_TYPE, canonical);
      request.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, canonical);
    }
  }
}
