package dev.glimpse.api.predict;

import dev.glimpse.api.problem.Problem.Violation;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolationException;

/** Reads the parameters of a query where no JAX-RS resource does. */
@ApplicationScoped
public class QueryParameters {

  private final BodyValidator validator;

  QueryParameters(BodyValidator validator) {
    this.validator = validator;
  }

  /**
   * Decodes a query.
   *
   * @throws ServingException MALFORMED_REQUEST if it is not percent-encoded
   */
  public static MultiMap decoded(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw new ServingException(
          Failure.MALFORMED_REQUEST,
          "The query is not percent-encoded; write %25 where it has a percent sign.");
    }
  }

  /**
   * Returns a query's parameters.
   *
   * @throws ServingException INVALID_PARAMETER if one is not valid, or its name is nearly right
   */
  public PredictParameters of(MultiMap query) {
    ParameterNames.requireKnown(query.names());
    try {
      return validator.valid(PredictParameters.of(name -> query.get(name)));
    } catch (ConstraintViolationException e) {
      Violation first = Violation.of(e.getConstraintViolations().iterator().next());
      throw ServingException.invalid(first.field(), first.message());
    }
  }
}
