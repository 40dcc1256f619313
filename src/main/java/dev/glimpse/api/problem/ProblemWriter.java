package dev.glimpse.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Answers a request with a problem where no JAX-RS resource is reached, such as in a filter. */
@ApplicationScoped
public class ProblemWriter {

  private final ProblemMapper problems;
  private final ObjectMapper mapper;

  ProblemWriter(ObjectMapper mapper) {
    this.problems = new ProblemMapper();
    this.mapper = mapper;
  }

  /**
   * Ends the response. Call it on the request's event loop.
   *
   * @param failure what went wrong; if that is unexpected, it is logged, and the client is told
   *     nothing of it
   */
  public void write(RoutingContext context, Throwable failure) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return; // the client has gone
    }
    Response problem = problems.unexpected(failure, context);
    response.setStatusCode(problem.getStatus());
    problem.getStringHeaders().forEach((name, values) -> response.putHeader(name, values));
    response.putHeader(HttpHeaders.CONTENT_TYPE, problem.getMediaType().toString());
    response.end(json(problem.getEntity()));
  }

  private Buffer json(Object entity) {
    try {
      return Buffer.buffer(mapper.writeValueAsBytes(entity));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem has only texts and numbers", e);
    }
  }
}
