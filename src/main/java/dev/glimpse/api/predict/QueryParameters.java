package dev.glimpse.api.predict;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import java.util.Locale;

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
      return validator.valid(
          new PredictParameters(
              query.get("top_k"),
              query.get("model"),
              query.get("version"),
              query.get("lang"),
              query.get("page"),
              query.get("threshold"),
              query.get("labels"),
              query.get("renormalize")));
    } catch (ConstraintViolationException e) {
      ConstraintViolation<?> first = e.getConstraintViolations().iterator().next();
      String name = first.getPropertyPath().toString();
      throw ServingException.invalid(
          name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT), first.getMessage());
    }
  }
}
