package dev.glimpse.api.management;

import dev.glimpse.access.Caller;
import dev.glimpse.api.http.AdminToken;
import dev.glimpse.api.http.RequestCaller;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Serves {@code /q/log/levels}, where administrators change the levels of the log. */
@Path("/q/log/levels")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operations")
@SecurityRequirement(name = "admin")
public class LogLevelsResource {

  private final LogLevels levels;
  private final AdminToken token;

  LogLevelsResource(LogLevels levels, AdminToken token) {
    this.levels = levels;
    this.token = token;
  }

  /**
   * The levels that differ from the start.
   *
   * @param levels by category
   */
  @Schema(description = "The levels that differ from the start", requiredProperties = "levels")
  public record Levels(
      @Schema(description = "By category", examples = "{\"dev.glimpse.remote\": \"DEBUG\"}")
          Map<String, String> levels) {}

  @GET
  @Operation(
      operationId = "logLevels",
      summary = "Says which categories of the log have another level than at the start")
  @APIResponse(responseCode = "200", description = "They are listed")
  public Levels get(@Context RoutingContext context) {
    token.require(context);
    return new Levels(levels.changed());
  }

  @PUT
  @Operation(
      operationId = "setLogLevel",
      summary = "Changes the level of a category of the log, until the service ends",
      description =
          "Categories of libraries can only be made quieter than at the start, as some log secrets"
              + " at lower levels.")
  @APIResponse(responseCode = "200", description = "It is changed")
  @APIResponse(responseCode = "400", description = "The category or the level is invalid")
  public Levels set(
      @Parameter(
              description = "The category; those below it without a level of their own follow it",
              required = true,
              example = "dev.glimpse.remote")
          @RestQuery
          @Nullable String category,
      @Parameter(
              description =
                  "OFF, ERROR, WARN, INFO, DEBUG, TRACE, or DEFAULT for that of the start",
              required = true,
              example = "DEBUG")
          @RestQuery
          @Nullable String level,
      @Context RoutingContext context) {
    token.require(context);
    levels.set(category, level, RequestCaller.of(context).map(Caller::name).orElse("admin-token"));
    return new Levels(levels.changed());
  }
}
