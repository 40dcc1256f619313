package dev.glimpse.api.results;

import dev.glimpse.access.Caller;
import dev.glimpse.access.Role;
import dev.glimpse.api.http.RequestCaller;
import dev.glimpse.api.predict.BatchResponse;
import dev.glimpse.api.predict.PredictResponse;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.results.Job;
import dev.glimpse.results.JobState;
import dev.glimpse.results.Results;
import dev.glimpse.results.StoredResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Serves {@code /results/{id}}: the responses to requests that are answered later. */
@Path(ResultsResource.PATH + "/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "predict")
@APIResponse(
    responseCode = "403",
    description = "glimpse.results.enabled is false",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(
    responseCode = "404",
    description = "There is no such result, or not any more",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class ResultsResource {

  static final String PATH = "/results";

  private static final String ID = "The result's id, from the Location header of the 202";
  private static final int ACCEPTED = 202;

  private final Results results;

  ResultsResource(Results results) {
    this.results = results;
  }

  @GET
  @Operation(
      operationId = "result",
      summary = "Fetches the response to a request that is answered later",
      description =
          "Answers with 202 and the progress while the request is worked on, and then with the"
              + " response that the request would have had, until glimpse.results.ttl has passed.")
  @APIResponse(
      responseCode = "200",
      description = "The response; a request with one image may have a problem in its place",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(oneOf = {PredictResponse.class, BatchResponse.class})))
  @APIResponse(
      responseCode = "202",
      description = "It is not finished",
      headers =
          @Header(
              name = HttpHeaders.RETRY_AFTER,
              description = "Seconds after which to look again",
              schema = @Schema(type = SchemaType.INTEGER)),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JobProgress.class),
              examples = @ExampleObject(name = "pending", value = JobProgress.EXAMPLE)))
  public CompletionStage<Response> get(
      @Parameter(description = ID) @RestPath String id, @Context RoutingContext context) {
    requireOn();
    return results
        .find(id, allowedTo(context))
        .thenApply(found -> response(found.orElseThrow(ResultsResource::unknown)));
  }

  @DELETE
  @Operation(
      operationId = "deleteResult",
      summary = "Cancels a request that is answered later, and forgets its result")
  @APIResponse(responseCode = "204", description = "It is forgotten")
  public CompletionStage<Response> delete(
      @Parameter(description = ID) @RestPath String id, @Context RoutingContext context) {
    requireOn();
    return results
        .delete(id, allowedTo(context))
        .thenApply(deleted -> {
          if (!deleted) {
            throw unknown();
          }
          return Response.noContent().build();
        });
  }

  private void requireOn() {
    if (!results.isOn()) {
      throw new ServingException(
          Failure.FORBIDDEN,
          "There are no results, as no request is answered later: glimpse.results.enabled is"
              + " false.");
    }
  }

  private static ServingException unknown() {
    return new ServingException(
        Failure.NOT_FOUND,
        "There is no result with this id; it may have been deleted, or its time to live has"
            + " passed.");
  }

  /** Allows a result to the caller that sent the request, and to administrators. */
  private static Predicate<Job> allowedTo(RoutingContext context) {
    Optional<Caller> caller = RequestCaller.of(context);
    return job ->
        caller.isEmpty() || caller.get().may(Role.ADMIN) || caller.get().name().equals(job.owner());
  }

  private static Response response(JobState state) {
    Response.ResponseBuilder response;
    if (state.answer().isPresent()) {
      StoredResponse answer = state.answer().get();
      response = Response.status(answer.status()).type(answer.contentType()).entity(answer.body());
      answer
          .language()
          .ifPresent(language -> response.header(HttpHeaders.CONTENT_LANGUAGE, language));
    } else {
      JobProgress progress = JobProgress.of(state);
      response =
          Response.status(ACCEPTED)
              .type(MediaType.APPLICATION_JSON_TYPE)
              .header(HttpHeaders.RETRY_AFTER, progress.retryAfter())
              .entity(progress.json());
    }
    return response.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
