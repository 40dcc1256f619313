package dev.glimpse.api.problem;

import dev.glimpse.api.http.AdminToken;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.http.RequestLog;
import dev.glimpse.api.problem.Problem.Violation;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.Printable;
import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Maps every exception to a response. A {@link ServingException} has its own sentence; an exception
 * of the framework gets one here; any other is an internal error, which is logged, and of which the
 * client sees only the request's id.
 */
public class ProblemMapper {

  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  /** Applies where the exception names no time. */
  private static final int RETRY_AFTER_SECONDS = 1;

  static final String INTERNAL_ERROR =
      "Something went wrong on our side. The log has more under this id.";

  @ServerExceptionMapper
  Response serving(ServingException e, RoutingContext context) {
    List<Violation> violations = Violation.of(e);
    Response problem =
        answer(e.failure(), sentence(e.detail(), violations), violations, e, context);
    if (e.failure() == Failure.UNAUTHORIZED) {
      problem.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, AdminToken.CHALLENGE);
    }
    if (e.failure().retryable()) {
      problem
          .getHeaders()
          .putSingle(HttpHeaders.RETRY_AFTER, e.retryAfter().orElse(RETRY_AFTER_SECONDS));
    }
    return problem;
  }

  @ServerExceptionMapper
  Response invalid(ConstraintViolationException e, RoutingContext context) {
    List<Violation> violations =
        e.getConstraintViolations().stream()
            .map(Violation::of)
            .sorted(Comparator.comparing(Violation::field).thenComparing(Violation::message))
            .toList();
    return answer(Failure.INVALID_PARAMETER, sentence("", violations), violations, e, context);
  }

  /** Overrides the framework's own mapper of this class. */
  @ServerExceptionMapper
  Response notFound(NotFoundException e, RoutingContext context) {
    return framework(e, context);
  }

  @ServerExceptionMapper
  Response framework(WebApplicationException e, RoutingContext context) {
    Response answer = e.getResponse();
    String path = context.normalizedPath().replace("%3A", ":"); // as some clients send ":predict"
    return switch (answer.getStatus()) {
      case 404 -> answer(Failure.NOT_FOUND, "There is nothing here.", List.of(), e, context);
      case 405 -> {
        Response problem =
            answer(
                Failure.METHOD_NOT_ALLOWED,
                context.request().method() + " is not for this address.",
                List.of(),
                e,
                context);
        yield Response.fromResponse(problem)
            .header(HttpHeaders.ALLOW, AllowedMethods.at(path))
            .build();
      }
      case 406 ->
          answer(
              Failure.NOT_ACCEPTABLE,
              "Answers are %s; the Accept header asks for something else."
                  .formatted(
                      path.equals("/explain")
                          ? "application/json or image/png"
                          : "application/json"),
              List.of(),
              e,
              context);
      case 415 ->
          answer(
              Failure.UNSUPPORTED_MEDIA_TYPE,
              path.startsWith("/predict/batch")
                  ? "Send images as multipart/form-data or as application/json; say which in the"
                      + " Content-Type header."
                  : Stream.of("/predict", "/explain", "/embed").anyMatch(path::startsWith)
                      ? "Send an image as multipart/form-data, as image/* or"
                          + " application/octet-stream, or as application/json; say which in the"
                          + " Content-Type header."
                      : "This Content-Type is not for this address.",
              List.of(),
              e,
              context);
      default ->
          answer.getStatus() >= 500
              ? unexpected(e, context)
              : answer(
                  Failure.MALFORMED_REQUEST,
                  "The request cannot be understood.",
                  List.of(),
                  e,
                  context);
    };
  }

  @ServerExceptionMapper
  Response unexpected(Throwable e, RoutingContext context) {
    if (AsyncFailures.cause(e) instanceof ServingException serving) {
      return serving(serving, context);
    }
    LOG.error("Internal error", e);
    return answer(Failure.INTERNAL, INTERNAL_ERROR, List.of(), null, context);
  }

  private static Response answer(
      Failure failure,
      String detail,
      List<Violation> violations,
      @Nullable Exception cause,
      RoutingContext context) {
    RequestLog.failed(context, failure.code());
    if (cause != null) {
      LOG.debugf("%d %s: %s", failure.status(), failure.title(), Printable.of(detail));
      LOG.trace("Thrown here", cause);
    }
    Response.ResponseBuilder answer = Response.status(failure.status());
    return ErrorFormat.of(context.normalizedPath()) == ErrorFormat.PROTOCOL
        ? answer.type(MediaType.APPLICATION_JSON_TYPE).entity(new ProtocolError(detail)).build()
        : answer
            .type(Problem.MEDIA_TYPE)
            .entity(Problems.of(failure, detail, violations, RequestId.of(context)))
            .build();
  }

  static String sentence(String otherwise, List<Violation> violations) {
    if (violations.isEmpty()) {
      return otherwise;
    }
    String all =
        violations.stream()
            .map(v -> v.field() + " " + v.message())
            .collect(Collectors.joining("; "));
    return all.endsWith("?") ? all : all + ".";
  }
}
