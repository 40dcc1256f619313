package dev.glimpse.api.problem;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.Failure;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.MediaType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.examples.Example;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Writes every problem that an operation with a body can end in into the OpenAPI document, from the
 * kinds of failure themselves, so that none is forgotten. Runs when the application is built.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ProblemResponses implements OASFilter {

  /**
   * These are about the path or the head, or about WebSockets, or the client has gone: no operation
   * ends so.
   */
  private static final Set<Failure> NOT_OF_AN_OPERATION =
      EnumSet.of(
          Failure.NOT_FOUND,
          Failure.METHOD_NOT_ALLOWED,
          Failure.URI_TOO_LONG,
          Failure.HEADERS_TOO_LARGE,
          Failure.UPGRADE_REQUIRED,
          Failure.CLIENT_GONE);

  /** These end only the operations that load and unload models. */
  private static final Set<Failure> OF_CONTROL = EnumSet.of(Failure.UNSERVABLE_MODEL);

  /** These are about images and tensors, and do not end operations that load and unload models. */
  private static final Set<Failure> NOT_OF_CONTROL =
      EnumSet.of(
          Failure.UNREADABLE_IMAGE,
          Failure.UNFIT_TENSOR,
          Failure.OVERLOADED,
          Failure.QUEUE_TIMEOUT);

  @Override
  public void filterOpenAPI(OpenAPI document) {
    document
        .getPaths()
        .getPathItems()
        .forEach((path, item) ->
            item.getOperations().values().stream()
                .filter(operation -> operation.getRequestBody() != null)
                .forEach(operation -> describe(document.getComponents(), path, operation)));
  }

  /** Refers to the path's problems, which stand once among the document's components. */
  private static void describe(Components components, String path, Operation operation) {
    ErrorFormat format = ErrorFormat.of(path);
    String prefix =
        (isControl(path) ? "Control" : "") + (format == ErrorFormat.PROTOCOL ? "Error" : "Problem");
    byStatus(path)
        .forEach((status, kinds) -> {
          String name = prefix + status;
          components.addResponse(name, response(format, kinds));
          operation
              .getResponses()
              .addAPIResponse(Integer.toString(status), OASFactory.createAPIResponse().ref(name));
        });
  }

  private static boolean isControl(String path) {
    return path.startsWith("/v2/repository/models/");
  }

  private static Map<Integer, List<Failure>> byStatus(String path) {
    Set<Failure> others = isControl(path) ? NOT_OF_CONTROL : OF_CONTROL;
    return EnumSet.complementOf(EnumSet.copyOf(NOT_OF_AN_OPERATION)).stream()
        .filter(kind -> !others.contains(kind))
        .filter(
            kind -> kind != Failure.UNFIT_TENSOR || ErrorFormat.of(path) == ErrorFormat.PROTOCOL)
        .filter(kind ->
            kind != Failure.UNFETCHED_PICTURE || ErrorFormat.of(path) != ErrorFormat.PROTOCOL)
        .collect(Collectors.groupingBy(Failure::status, TreeMap::new, Collectors.toList()));
  }

  private static APIResponse response(ErrorFormat format, List<Failure> kinds) {
    APIResponse response =
        OASFactory.createAPIResponse()
            .description(kinds.stream().map(Failure::title).collect(Collectors.joining(", or ")))
            .content(
                format == ErrorFormat.PROTOCOL
                    ? content(MediaType.APPLICATION_JSON, "ProtocolError", Map.of())
                    : content(Problem.MEDIA_TYPE, "Problem", examples(kinds)));
    if (kinds.stream().anyMatch(Failure::retryable)) {
      response.addHeader(
          "Retry-After",
          OASFactory.createHeader()
              .description("Seconds after which to try again")
              .schema(
                  OASFactory.createSchema()
                      .addType(
                          org.eclipse.microprofile.openapi.models.media.Schema.SchemaType
                              .INTEGER)));
    }
    return response;
  }

  private static Content content(String mediaType, String schema, Map<String, Example> examples) {
    var kind = OASFactory.createMediaType().schema(OASFactory.createSchema().ref(schema));
    if (!examples.isEmpty()) {
      kind.examples(examples);
    }
    return OASFactory.createContent().addMediaType(mediaType, kind);
  }

  private static Map<String, Example> examples(List<Failure> kinds) {
    return kinds.stream().collect(Collectors.toMap(Failure::code, ProblemResponses::example));
  }

  private static Example example(Failure kind) {
    ObjectNode problem =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "urn:glimpse:problem:" + kind.code())
            .put("title", kind.title())
            .put("status", kind.status())
            .put("detail", "A sentence about this request.")
            .put("id", "0c2f9a4e-5c0e-4d3c-9c55-6d6f3a1b2c3d");
    return OASFactory.createExample().value(problem);
  }
}
