package dev.glimpse.api.compat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.VertexConfig;
import dev.glimpse.registry.ModelRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * The addresses that <a
 * href="https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements">Vertex
 * AI</a> chooses itself and tells a container when it starts: they are other names for {@code
 * /ping} and for V1's {@code :predict} of the default model.
 */
@ApplicationScoped
public class VertexRoutes {

  private final VertexConfig config;
  private final ModelRegistry models;

  VertexRoutes(GlimpseConfig config, ModelRegistry models) {
    this.config = config.vertex();
    this.models = models;
  }

  void register(@Observes Router router) {
    config
        .healthRoute()
        .map(VertexRoutes::literally)
        .ifPresent(path -> router.getWithRegex(path).handler(context -> reroute(context, "/ping")));
    config
        .predictRoute()
        .map(VertexRoutes::literally)
        .ifPresent(path -> router.postWithRegex(path).handler(this::predict));
  }

  /** Quotes a path: in a route, {@code :predict} would be a parameter. */
  private static String literally(String path) {
    return Pattern.quote(path);
  }

  private void predict(RoutingContext context) {
    reroute(context, "/v1/models/" + models.defaultName().orElse("default") + ":predict");
  }

  /** Reroutes a request, unless Vertex AI has chosen the very path of the endpoint. */
  private static void reroute(RoutingContext context, String address) {
    if (context.normalizedPath().equals(address)) {
      context.next();
    } else {
      context.reroute(address);
    }
  }
}
