package dev.glimpse.api.problem;

import dev.glimpse.api.problem.Problem.Violation;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Builds problems for parts of a request, such as one image of a batch. */
public final class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);

  private Problems() {}

  /**
   * Returns the problem that describes a failure. An unexpected one is logged, and its problem
   * reveals nothing of it.
   *
   * @param id the request's id
   */
  public static Problem of(@Nullable Throwable failure, String id) {
    Throwable cause = failure == null ? null : AsyncFailures.cause(failure);
    if (cause instanceof ServingException refused) {
      List<Violation> violations = Violation.of(refused);
      return of(
          refused.failure(), ProblemMapper.sentence(refused.detail(), violations), violations, id);
    }
    LOG.error("Internal error", cause);
    return of(Failure.INTERNAL, ProblemMapper.INTERNAL_ERROR, List.of(), id);
  }

  static Problem of(Failure failure, String detail, List<Violation> violations, String id) {
    return new Problem(
        "urn:glimpse:problem:" + failure.code(),
        failure.title(),
        failure.status(),
        detail,
        id,
        violations);
  }
}
