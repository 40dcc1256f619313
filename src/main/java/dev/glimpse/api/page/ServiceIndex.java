package dev.glimpse.api.page;

import dev.glimpse.access.Authenticator;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.BuildInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the endpoints of the service, for clients other than browsers and for the page. Where
 * requests need keys, the version is left out.
 */
@Singleton
final class ServiceIndex {

  /** The addresses that a client may begin with; those that are switched off are left out. */
  private static final List<String> ENDPOINTS =
      List.of(
          "/predict",
          "/predict/batch",
          "/predict/live",
          "/explain",
          "/embed",
          "/models",
          "/v1/models",
          "/v2",
          "/health");

  private final GlimpseConfig config;
  private final boolean needsKey;

  @Inject
  ServiceIndex(GlimpseConfig config, Authenticator authenticator) {
    this(config, authenticator.isOn());
  }

  /**
   * Creates a list.
   *
   * @param needsKey whether requests need a key
   */
  ServiceIndex(GlimpseConfig config, boolean needsKey) {
    this.config = config;
    this.needsKey = needsKey;
  }

  /** Returns the list as JSON. */
  byte[] json() {
    JsonObject index = new JsonObject().put("service", "glimpse");
    if (!needsKey) {
      index.put("version", BuildInfo.read().version());
    }
    return index
        .put("needs_key", needsKey)
        .put("max_image_bytes", config.image().maxBytes().asLongValue())
        .put("models", "/models")
        .put("endpoints", new JsonArray(endpoints()))
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<String> endpoints() {
    List<String> all = new ArrayList<>(ENDPOINTS);
    if (config.live().maxConnections() == 0) {
      all.remove("/predict/live");
    }
    if (!config.explain().enabled()) {
      all.removeAll(List.of("/explain", "/embed"));
    }
    if (config.management().listen().isEmpty()) {
      all.add("/q/openapi");
    }
    return all;
  }
}
