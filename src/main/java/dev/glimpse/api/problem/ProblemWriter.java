package dev.glimpse.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.http.BodyReader;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/**
 * Answers a request with a problem where no JAX-RS resource is reached, such as in a filter; one of
 * gRPC with a status.
 */
@ApplicationScoped
public class ProblemWriter {

  private final ProblemMapper problems;
  private final ObjectMapper mapper;
  private final BodyReader reader;

  ProblemWriter(ObjectMapper mapper, BodyReader reader) {
    this.problems = new ProblemMapper();
    this.mapper = mapper;
    this.reader = reader;
  }

  /**
   * Refuses a request whose body has not been read: discards it, and ends the response. Call it on
   * the request's event loop.
   *
   * @param failure what went wrong; if that is unexpected, it is logged, and the response says
   *     nothing of it
   */
  public void refuse(RoutingContext context, Throwable failure) {
    reader
        .refuse(context, new ServingException(Failure.INTERNAL, "never sent"))
        .whenComplete((none, discarded) -> write(context, failure));
  }

  /**
   * Ends the response to a request whose body has been read, or is being discarded. Call it on the
   * request's event loop.
   *
   * @param failure as {@link #refuse}
   */
  public void write(RoutingContext context, Throwable failure) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return; // the client has gone
    }
    if (GrpcExchange.is(context.request())) {
      GrpcProblem.end(context, failure);
      return;
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
