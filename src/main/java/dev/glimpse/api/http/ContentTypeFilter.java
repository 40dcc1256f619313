package dev.glimpse.api.http;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses a {@code Content-Type} that is none; JAX-RS would take it for a fault of its own. */
public class ContentTypeFilter {

  @ServerRequestFilter(preMatching = true)
  void check(ContainerRequestContext request) {
    String contentType = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
    if (contentType == null) {
      return;
    }
    try {
      MediaType.valueOf(contentType);
    } catch (IllegalArgumentException e) {
      throw new ServingException(
          Failure.UNSUPPORTED_MEDIA_TYPE, "The Content-Type header is no media type.", e);
    }
  }
}
