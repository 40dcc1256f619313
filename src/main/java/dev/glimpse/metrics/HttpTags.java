package dev.glimpse.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Bounds the tags {@code method} and {@code uri} of HTTP meters: a client may invent methods and
 * addresses, each of which would be a time series that is kept as long as the process. The platform
 * bounds addresses by their number only, so that invented ones would take the place of others.
 */
@Singleton
public class HttpTags implements MeterFilter {

  private static final String METHOD = "method";
  private static final String URI = "uri";
  private static final String OTHER = "OTHER";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");

  /** The addresses of all endpoints as they are declared, and the platform's words for others. */
  private static final Set<String> URIS =
      Set.of(
          "/embed",
          "/explain",
          "/grpc.health.v1.Health/Check",
          "/grpc.health.v1.Health/Watch",
          "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
          "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
          "/health",
          "/inference.GRPCInferenceService/ModelConfig",
          "/inference.GRPCInferenceService/ModelInfer",
          "/inference.GRPCInferenceService/ModelMetadata",
          "/inference.GRPCInferenceService/ModelReady",
          "/inference.GRPCInferenceService/ModelStatistics",
          "/inference.GRPCInferenceService/ModelStreamInfer",
          "/inference.GRPCInferenceService/RepositoryIndex",
          "/inference.GRPCInferenceService/RepositoryModelLoad",
          "/inference.GRPCInferenceService/RepositoryModelUnload",
          "/inference.GRPCInferenceService/ServerLive",
          "/inference.GRPCInferenceService/ServerMetadata",
          "/inference.GRPCInferenceService/ServerReady",
          "/invocations",
          "/models",
          "/models/{name}",
          "/page/{file}",
          "/ping",
          "/predict",
          "/predict/batch",
          "/predict/live",
          "/predictions/{model}",
          "/predictions/{model}/{version}",
          "/q/log/levels",
          "/results/{id}",
          "/v1/models",
          "/v1/models/{model}",
          "/v1/models/{model:[^/:]+}:explain",
          "/v1/models/{model:[^/:]+}:predict",
          "/v1/models/{model}/versions/{version:[^/:]+}:explain",
          "/v1/models/{model}/versions/{version:[^/:]+}:predict",
          "/v2",
          "/v2/health/live",
          "/v2/health/ready",
          "/v2/models/stats",
          "/v2/models/{model}",
          "/v2/models/{model}/config",
          "/v2/models/{model}/infer",
          "/v2/models/{model}/ready",
          "/v2/models/{model}/stats",
          "/v2/models/{model}/versions/{version}",
          "/v2/models/{model}/versions/{version}/config",
          "/v2/models/{model}/versions/{version}/infer",
          "/v2/models/{model}/versions/{version}/ready",
          "/v2/models/{model}/versions/{version}/stats",
          "/v2/repository/index",
          "/v2/repository/models/{model}/load",
          "/v2/repository/models/{model}/unload",
          "root",
          "NOT_FOUND",
          "REDIRECTION",
          "UNKNOWN",
          "/cors-preflight");

  /** Tells whether an address is that of an endpoint, and so is kept as it is. */
  public static boolean isKnown(String uri) {
    return URIS.contains(uri);
  }

  /** Returns a method of HTTP as it is, and OTHER for one that HTTP does not define. */
  public static String method(String method) {
    return METHODS.contains(method) ? method : OTHER;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().startsWith("http.server.")) {
      return id;
    }
    Tags tags = Tags.of(id.getTags());
    String method = id.getTag(METHOD);
    if (method != null) {
      tags = tags.and(METHOD, method(method));
    }
    String uri = id.getTag(URI);
    if (uri != null && !isKnown(uri)) {
      tags = tags.and(URI, OTHER);
    }
    return id.replaceTags(tags);
  }
}
