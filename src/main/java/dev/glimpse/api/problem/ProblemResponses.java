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

  /** These are about the address, or nobody hears of them: no documented operation ends so. */
  private static final Set<Failure> NOT_OF_AN_OPERATION =
      EnumSet.of(Failure.NOT_FOUND, Failure.METHOD_NOT_ALLOWED, Failure.CLIENT_GONE);

  /** These are about what is served, and end what changes that. */
  private static final Set<Failure> OF_CONTROL =
      EnumSet.of(Failure.UNAUTHORIZED, Failure.FORBIDDEN, Failure.UNSERVABLE_MODEL);

  /** And these have to do with pictures and tensors, and do not. */
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
                .forEach(operation ->
                    byStatus(path)
                        .forEach((status, kinds) ->
                            add(operation, ErrorFormat.of(path), status, kinds))));
  }

  private static Map<Integer, List<Failure>> byStatus(String path) {
    Set<Failure> others = path.startsWith("/v2/repository/models/") ? NOT_OF_CONTROL : OF_CONTROL;
    return EnumSet.complementOf(EnumSet.copyOf(NOT_OF_AN_OPERATION)).stream()
        .filter(kind -> !others.contains(kind))
        .filter(
            kind -> kind != Failure.UNFIT_TENSOR || ErrorFormat.of(path) == ErrorFormat.PROTOCOL)
        .filter(kind ->
            kind != Failure.UNFETCHED_PICTURE || ErrorFormat.of(path) != ErrorFormat.PROTOCOL)
        .collect(Collectors.groupingBy(Failure::status, TreeMap::new, Collectors.toList()));
  }

  private static void add(
      Operation operation, ErrorFormat dialect, int status, List<Failure> kinds) {
    APIResponse response =
        OASFactory.createAPIResponse()
            .description(kinds.stream().map(Failure::title).collect(Collectors.joining(", or ")))
            .content(
                dialect == ErrorFormat.PROTOCOL
                    ? content(MediaType.APPLICATION_JSON, "ProtocolError", Map.of())
                    : content(Problem.MEDIA_TYPE, "Problem", examples(kinds)));
    if (kinds.stream().anyMatch(Failure::retryable)) {
      response.addHeader(
          "Retry-After",
          OASFactory.createHeader()
              .description("Seconds after which it is worth trying again")
              .schema(
                  OASFactory.createSchema()
                      .addType(
                          org.eclipse.microprofile.openapi.models.media.Schema.SchemaType
                              .INTEGER)));
    }
    operation.getResponses().addAPIResponse(Integer.toString(status), response);
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
