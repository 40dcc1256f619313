package dev.glimpse.api.problem;

import dev.glimpse.failure.ServingException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Holds the body of every error response: <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC
 * 9457</a>, media type {@code application/problem+json}.
 */
@Schema(
    description = "An error, in the format of RFC 9457",
    requiredProperties = {"type", "title", "status", "detail", "id"})
public record Problem(
    @Schema(
            description = "A URI that identifies the kind of problem",
            examples = "urn:glimpse:problem:invalid-parameter")
        String type,
    @Schema(description = "The kind of problem, in words", examples = "Invalid parameter")
        String title,
    @Schema(description = "The HTTP status", examples = "400") int status,
    @Schema(
            description = "What is wrong with this request",
            examples = "top_k must be from 1 to 5, the number of classes of \"flowers\"")
        String detail,
    @Schema(
            description =
                "The request's id, as in X-Request-ID; quote it when you report a problem",
            examples = "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d")
        String id,
    @Schema(
            description =
                "For invalid parameters: each one, and what is wrong with it; otherwise left out")
        List<Violation> violations) {

  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** A parameter that is wrong. */
  @Schema(
      description = "A parameter that is wrong",
      requiredProperties = {"field", "message"})
  public record Violation(
      @Schema(description = "The parameter's name", examples = "top_k") String field,
      @Schema(description = "What is wrong with it", examples = "must be from 1 to 5")
          String message) {

    /**
     * Describes the invalid parameter that a failure is about; none if it is about something else.
     */
    static List<Violation> of(ServingException failure) {
      return failure
          .parameter()
          .map(parameter -> List.of(new Violation(parameter, failure.detail())))
          .orElse(List.of());
    }

    /** Describes a constraint that a parameter violates, by the name that the client knows. */
    public static Violation of(ConstraintViolation<?> violation) {
      String last = ""; // of topK in a path such as predict.parameters.topK, which is top_k
      for (Path.Node node : violation.getPropertyPath()) {
        last = node.getName() == null ? last : node.getName();
      }
      return new Violation(
          last.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT),
          violation.getMessage());
    }
  }
}
