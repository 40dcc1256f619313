package dev.glimpse.dialects;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.model.ModelRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * The addresses that <a
 * href="https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements">Vertex
 * AI</a> chooses itself and tells a container when it starts: they are other names for {@code
 * /ping} and for V1's {@code :predict} of the default model.
 */
@ApplicationScoped
public class VertexRoutes {

  private final GlimpseConfig.Vertex config;
  private final ModelRegistry models;

  VertexRoutes(GlimpseConfig config, ModelRegistry models) {
    this.config = config.vertex();
    this.models = models;
  }

  void register(@Observes Router router) {
    config
        .healthRoute()
        .ifPresent(path -> router.get(path).handler(context -> context.reroute("/ping")));
    config.predictRoute().ifPresent(path -> router.post(path).handler(this::predict));
  }

  private void predict(RoutingContext context) {
    context.reroute("/v1/models/" + models.defaultName().orElse("default") + ":predict");
  }
}
